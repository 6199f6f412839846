"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock, Plus } from "lucide-react";
import { useState } from "react";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { api } from "../lib/api.ts";
import { absolute, ago } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { useCommands } from "../palette/store.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Page } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { RowButton, Table, Td, Th, ThActions } from "../ui/table.tsx";
import { secretsQuery } from "./api/secrets.ts";
import { PutSecretDialog } from "./put-secret-dialog.tsx";

/** Keys that caves get without anybody reading them again. */
export function SecretsPage() {
  const client = useQueryClient();
  const now = useNow(10_000);
  const secrets = useQuery(secretsQuery);
  const { data: caves = [] } = useQuery(cavesQuery);
  const [putting, setPutting] = useState<string>();
  const [removing, setRemoving] = useState<string>();
  const make = () => setPutting("");
  useCommands([{ id: "new secret", name: "New secret", group: "Actions", words: "key env", run: make }]);
  const usedBy = (name: string) =>
    caves.filter((cave) => cave.secrets.includes(name)).map((cave) => cave.name);
  const button = (
    <Button kind="primary" onClick={make}>
      <Plus aria-hidden /> New secret
    </Button>
  );
  return (
    <Page
      title="Secrets"
      lead="Encrypted here, handed to the caves that ask for them as files and variables. Values never come back."
      actions={button}
    >
      <Loaded query={secrets} label="Loading secrets">
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<Lock aria-hidden />} title="No secrets yet" actions={button}>
              Store an API key once; new caves can have it by its name.
            </EmptyState>
          ) : (
            <Table
              label="Secrets"
              head={
                <>
                  <Th>Name</Th>
                  <Th>Used by</Th>
                  <Th>Changed</Th>
                  <ThActions />
                </>
              }
            >
              {all.map(({ name, version, updatedAt }) => (
                <tr key={name}>
                  <Td className="font-mono text-xs">{name}</Td>
                  <Td className="text-dim">{usedBy(name).join(", ") || "No cave"}</Td>
                  <Td className="whitespace-nowrap text-dim">
                    <time dateTime={updatedAt} title={absolute(updatedAt)}>
                      {ago(updatedAt, now)}
                    </time>
                    <span className="text-faint">, version {version}</span>
                  </Td>
                  <Td className="text-right whitespace-nowrap">
                    <RowButton does="Change" to={name} onClick={() => setPutting(name)} />
                    <RowButton does="Delete" to={name} onClick={() => setRemoving(name)} />
                  </Td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {putting !== undefined && <PutSecretDialog name={putting} onClose={() => setPutting(undefined)} />}
      {removing !== undefined && (
        <Confirm
          title={`Delete ${removing}?`}
          action="Delete"
          onClose={() => setRemoving(undefined)}
          onYes={async () => {
            await api.accounts.removeSecret({ params: { name: removing } });
            await client.invalidateQueries(secretsQuery);
          }}
        >
          {usedBy(removing).length > 0
            ? `${usedBy(removing).join(", ")} cannot start again without it.`
            : "Its value is lost. No cave uses it."}
        </Confirm>
      )}
    </Page>
  );
}

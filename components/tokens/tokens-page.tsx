"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { api } from "../lib/api.ts";
import { absolute, ago, longSpan } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { useCommands } from "../palette/store.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Page } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { RowButton, Table, Td, Th, ThActions } from "../ui/table.tsx";
import { tokensQuery } from "./api/tokens.ts";
import { NewTokenDialog } from "./new-token-dialog.tsx";
import type { Token } from "#contract/account.ts";

/** What programs sign in with. */
export function TokensPage() {
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  const make = () => setMaking(true);
  useCommands([{ id: "new token", name: "New token", group: "Actions", words: "create api key", run: make }]);
  const button = (
    <Button kind="primary" onClick={make}>
      <Plus aria-hidden /> New token
    </Button>
  );
  return (
    <Page
      title="Tokens"
      lead="Programs, agents and the command line sign in with these. A token can do no more than you can, and is shown once."
      actions={button}
    >
      <Loaded query={tokens} label="Loading tokens">
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<KeyRound aria-hidden />} title="No tokens yet" actions={button}>
              Make one for each program, with the rights it needs and no more.
            </EmptyState>
          ) : (
            <Table
              label="Tokens"
              head={
                <>
                  <Th>Name</Th>
                  <Th>Rights</Th>
                  <Th>Last used</Th>
                  <Th>Expires in</Th>
                  <ThActions />
                </>
              }
            >
              {all.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
      {revoking && (
        <Confirm
          title={`Revoke ${revoking.name}?`}
          action="Revoke"
          onClose={() => setRevoking(undefined)}
          onYes={async () => {
            await api.accounts.revokeToken({ params: { id: revoking.id } });
            await client.invalidateQueries(tokensQuery);
          }}
        >
          What signs in with it is refused from now on, and its open connections end.
        </Confirm>
      )}
    </Page>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const now = useNow(10_000);
  const left = Date.parse(token.expiresAt) - now;
  return (
    <tr>
      <Td className="py-2">
        <span className="font-medium">{token.name}</span>
        <span className="block font-mono text-xs text-faint">{token.id}</span>
      </Td>
      <Td>
        <span className="flex flex-wrap gap-1 py-2">
          {token.scopes.map((scope) => (
            <Badge key={scope} tone={scope === "admin" ? "warn" : "neutral"}>
              {scope}
            </Badge>
          ))}
        </span>
      </Td>
      <Td className="whitespace-nowrap text-dim">
        {token.lastUsedAt === undefined ? (
          "Never"
        ) : (
          <time dateTime={token.lastUsedAt} title={absolute(token.lastUsedAt)}>
            {ago(token.lastUsedAt, now)}
          </time>
        )}
      </Td>
      <Td className="whitespace-nowrap text-dim">
        <time dateTime={token.expiresAt} title={absolute(token.expiresAt)}>
          {left > 0 ? longSpan(left) : "It has expired"}
        </time>
      </Td>
      <Td className="text-right">
        <RowButton does="Revoke" to={token.name} onClick={onRevoke} />
      </Td>
    </tr>
  );
}

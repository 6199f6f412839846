"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { api } from "../lib/api.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { Input } from "../ui/input.tsx";
import { Section } from "../ui/page.tsx";
import { Select } from "../ui/select.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { Loaded } from "../ui/states.tsx";
import { Switch } from "../ui/switch.tsx";
import { RowButton, Table, Td, Th, ThActions } from "../ui/table.tsx";
import { toastError } from "../ui/toast.tsx";
import { usersQuery } from "./api.ts";
import type { PatchUser } from "#contract/account.ts";

/** Who may sign in; admins alone see this. */
export function Users({ me }: { me: string | undefined }) {
  const client = useQueryClient();
  const users = useQuery(usersQuery);
  const { data: caves = [] } = useQuery(cavesQuery);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const patch = useMutation({
    mutationFn: ({ name, body }: { name: string; body: PatchUser }) =>
      api.accounts.patchUser({ params: { user: name }, body }),
    onSettled: () => client.invalidateQueries(usersQuery),
    onError: (error, { name }) => toastError(error, `${name} was not changed`),
  });
  const owned = (name: string) => caves.filter(({ owner }) => owner === name).length;
  return (
    <Section
      title="Users"
      actions={
        <Button onClick={() => setAdding(true)}>
          <Plus aria-hidden /> Add a user
        </Button>
      }
    >
      <Loaded query={users} label="Loading users" rows={2}>
        {(all) => (
          <Table
            label="Users"
            head={
              <>
                <Th>Name</Th>
                <Th>Role</Th>
                <Th>Caves</Th>
                <Th>May sign in</Th>
                <ThActions />
              </>
            }
          >
            {all.map(({ name, role, disabled }) => (
              <tr key={name}>
                <Td className="font-medium">
                  {name} {name === me && <span className="ml-1 text-xs font-normal text-faint">you</span>}
                </Td>
                <Td>
                  <Badge tone={role === "admin" ? "accent" : "neutral"}>{role}</Badge>
                </Td>
                <Td className="figures text-dim">{owned(name)}</Td>
                <Td>
                  <Switch
                    aria-label={`${name} may sign in`}
                    checked={!disabled}
                    disabled={name === me || patch.isPending}
                    onCheckedChange={(on) => patch.mutate({ name, body: { disabled: !on } })}
                  />
                </Td>
                <Td className="text-right">
                  {name !== me && <RowButton does="Delete" to={name} onClick={() => setRemoving(name)} />}
                </Td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {adding && <AddUser onClose={() => setAdding(false)} />}
      {removing !== undefined && (
        <RemoveUser name={removing} caves={owned(removing)} onClose={() => setRemoving(undefined)} />
      )}
    </Section>
  );
}

/** Asks for the name only when data goes. */
function RemoveUser({ name, caves, onClose }: { name: string; caves: number; onClose: () => void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    mutationFn: () => api.accounts.removeUser({ params: { user: name } }),
    onSuccess: async () => {
      await client.invalidateQueries(usersQuery);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Delete ${name}?`}
      description={
        caves === 0
          ? "They can no longer sign in, and their tokens and secrets are lost. It cannot be undone."
          : `Their ${caves === 1 ? "cave goes" : `${caves} caves go`} too, with all files. It cannot be undone.`
      }
      action={`Delete ${name}`}
      danger
      ready={caves === 0 || typed === name}
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      {caves > 0 && (
        <Field label={`Type “${name}” to delete them with all they have`}>
          {(control) => (
            <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
      )}
    </FormDialog>
  );
}

const roles = [
  { value: "member", label: "Member", hint: "Their own caves" },
  { value: "admin", label: "Admin", hint: "Everything, for every user" },
] as const;

function AddUser({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<"member" | "admin">("member");
  const add = useMutation({
    mutationFn: () => api.accounts.createUser({ body: { name, role } }),
    onSuccess: () => client.invalidateQueries(usersQuery),
  });
  if (add.data)
    return (
      <ShownOnce
        title={`${add.data.name} may sign in`}
        description="Send them this link. It opens a session once, within an hour."
        text={add.data.signInUrl}
        copy="Copy the link"
        done="Done"
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title="Add a user"
      action="Add"
      ready={name !== ""}
      busy={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Field label="Name" hint="Lower-case letters, digits and single hyphens">
        {(control) => (
          <Input
            {...control}
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label="Role">
        {(control) => <Select {...control} value={role} onChange={setRole} options={roles} />}
      </Field>
    </FormDialog>
  );
}

"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../lib/api.ts";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { Input, TextArea } from "../ui/input.tsx";
import { secretsQuery } from "./api/secrets.ts";

/** With a name it changes that secret, without one it makes a new one. */
export function PutSecretDialog({ name: given, onClose }: { name: string; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(given);
  const [value, setValue] = useState("");
  const put = useMutation({
    mutationFn: () => api.accounts.putSecret({ params: { name }, body: { value } }),
    onSuccess: async () => {
      await client.invalidateQueries(secretsQuery);
      onClose();
    },
  });
  const bad = name !== "" && !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name);
  const ready = name !== "" && value !== "" && !bad;
  return (
    <FormDialog
      title={given === "" ? "New secret" : `Change ${given}`}
      description={given === "" ? undefined : "Running caves that have it get the new value at once."}
      action="Store"
      ready={ready}
      busy={put.isPending}
      error={put.error}
      onSubmit={() => put.mutate()}
      onClose={onClose}
    >
      {given === "" && (
        <Field
          label="Name"
          hint="The variable and the file it becomes in a cave"
          error={bad ? "Letters, digits and underscores, beginning with none of the digits." : undefined}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              className="font-mono text-xs"
              placeholder="OPENAI_API_KEY"
              value={name}
              onChange={(event) => setName(event.target.value.trim())}
            />
          )}
        </Field>
      )}
      <Field label="Value" hint="Not shown again, not to you either">
        {(control) => (
          <TextArea
            {...control}
            className="font-mono text-xs"
            autoFocus={given !== ""}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}

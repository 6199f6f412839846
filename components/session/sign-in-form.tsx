"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { ErrorNote } from "../ui/states.tsx";
import { signIn, ticketOf } from "./api.ts";

/** Takes a sign-in link by hand. */
export function SignInForm({ onDone }: { onDone?: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const exchange = useMutation({
    mutationFn: (ticket: string) => signIn(client, ticket),
    onSuccess: () => onDone?.(),
  });

  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const ticket = ticketOf(text);
        setWrong(ticket === undefined);
        if (ticket !== undefined) exchange.mutate(ticket);
      }}
    >
      <Field
        label="Sign-in link"
        error={
          wrong ? "That is no sign-in link. It looks like http://localhost:8000/sign-in#ticket=…" : undefined
        }
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            placeholder="http://localhost:8000/sign-in#ticket=…"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setWrong(false);
            }}
          />
        )}
      </Field>
      {exchange.error !== null && <ErrorNote error={exchange.error} />}
      <Button type="submit" kind="primary" size="lg" busy={exchange.isPending} disabled={text === ""}>
        Sign in
      </Button>
    </form>
  );
}

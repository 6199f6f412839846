import { z } from "zod";
import { EnvName } from "./cave.ts";
import { Timestamp, TokenId, UserId } from "./ids.ts";
import { Scope } from "./scopes.ts";

export const UserName = z
  .string()
  .max(40)
  .regex(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
    "Use lower-case letters, digits and single hyphens, starting with a letter.",
  );

export const User = z
  .strictObject({
    id: UserId,
    name: UserName,
    role: z.enum(["admin", "member"]),
    disabled: z.boolean(),
    createdAt: Timestamp,
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const Me = z
  .strictObject({
    user: User,
    via: z.enum(["token", "session"]),
    scopes: z.array(Scope),
    expiresAt: Timestamp.optional(),
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

const Label = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u);
const day = 86_400_000;

export const CreateToken = z
  .strictObject({
    name: Label.describe("What it is for"),
    scopes: z.array(Scope).min(1),
    expiresInMs: z
      .number()
      .int()
      .min(60_000)
      .max(366 * day)
      .default(90 * day),
  })
  .meta({ id: "CreateToken" });
export type CreateToken = z.infer<typeof CreateToken>;

export const Token = z
  .strictObject({
    id: TokenId,
    name: z.string(),
    scopes: z.array(Scope),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    lastUsedAt: Timestamp.optional(),
  })
  .meta({ id: "Token" });
export type Token = z.infer<typeof Token>;

export const NewToken = Token.extend({ secret: z.string().describe("Shown this once") }).meta({
  id: "NewToken",
});
export type NewToken = z.infer<typeof NewToken>;

export const CreateUser = z
  .strictObject({ name: UserName, role: z.enum(["admin", "member"]).default("member") })
  .meta({ id: "CreateUser" });
export type CreateUser = z.infer<typeof CreateUser>;
export const NewUser = User.extend({
  signInUrl: z.string().describe("Opens a session once, within an hour"),
}).meta({ id: "NewUser" });
export type NewUser = z.infer<typeof NewUser>;
export const PatchUser = z.strictObject({
  role: z.enum(["admin", "member"]).optional(),
  disabled: z.boolean().optional(),
});
export type PatchUser = z.infer<typeof PatchUser>;

/** A secret's name is the variable and the file it becomes in a cave. */
export const SecretName = EnvName;
export const PutSecret = z.strictObject({ value: z.string().min(1).max(65_536) });
export const Secret = z
  .strictObject({ name: SecretName, version: z.number().int(), updatedAt: Timestamp })
  .meta({ id: "Secret" });
export type Secret = z.infer<typeof Secret>;

export const SignIn = z.strictObject({ ticket: z.string().max(200) });

export const AuditEntry = z
  .strictObject({
    seq: z.number().int(),
    at: Timestamp,
    actor: z.string().describe("User, and the token's id where one was used"),
    action: z.string(),
    target: z.string().optional(),
    outcome: z.enum(["ok", "denied", "failed"]),
    ip: z.string().optional(),
    requestId: z.string().optional(),
    hash: z.string().describe("SHA-256 HMAC over this entry and the hash before it"),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

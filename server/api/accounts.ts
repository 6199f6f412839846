import { signIn, signOut, whoAmI } from "../auth/sign-in.ts";
import { createToken, listTokens, revokeToken } from "../auth/tokens.ts";
import { createUser, listUsers, patchUser, removeUser } from "../auth/users.ts";
import { listSecrets, putSecret, removeSecret } from "../secrets/verbs.ts";
import { Reply, type Handlers } from "./handler.ts";

export const accounts: Handlers["accounts"] = {
  signIn: async (call, { body }) => {
    const { me, cookie } = await signIn(call, body);
    return new Reply(me, { headers: { "set-cookie": cookie } });
  },
  signOut: async (call) => new Reply(undefined, { headers: { "set-cookie": (await signOut(call)).cookie } }),
  me: (call) => whoAmI(call),
  listTokens: (call) => listTokens(call),
  createToken: (call, { body }) => createToken(call, body),
  revokeToken: (call, { params }) => revokeToken(call, params),
  listUsers: (call) => listUsers(call),
  createUser: (call, { body }) => createUser(call, body),
  patchUser: (call, { params, body }) => patchUser(call, { ...params, patch: body }),
  removeUser: (call, { params }, signal) => removeUser(call, params, signal),
  listSecrets: (call) => listSecrets(call),
  putSecret: (call, { params, body }, signal) => putSecret(call, { ...params, ...body }, signal),
  removeSecret: (call, { params }, signal) => removeSecret(call, params, signal),
};

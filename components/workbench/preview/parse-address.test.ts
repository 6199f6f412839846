import { expect, it } from "vitest";
import { parseAddress } from "./parse-address.ts";

it.each([
  ["3000", { port: 3000, path: "/" }],
  [":3000/a b", { port: 3000, path: "/a%20b" }],
  ["localhost:5173/x?y=ü", { port: 5173, path: "/x?y=%C3%BC" }],
  ["http://127.0.0.1:8080", { port: 8080, path: "/" }],
  ["/only/a/path", { port: 4000, path: "/only/a/path" }],
])("%s is where to go", (text, wanted) => expect(parseAddress(text, 4000)).toEqual(wanted));

it.each(["", "example.org", "99999999", "javascript:alert(1)"])("%s is not", (text) =>
  expect(parseAddress(text, 4000)).toBeUndefined(),
);

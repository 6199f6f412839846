import { expect, it } from "vitest";
import { nextOf } from "./sign-in-route.tsx";

it.each([
  ["?next=%2Fopen%2F3000%2Fden%3Fpath%3D%252Fa", "/open/3000/den?path=%2Fa"],
  ["?next=//evil.example", undefined],
  ["?next=/%5Cevil.example", undefined],
  ["?next=https://evil.example", undefined],
  ["?next=javascript:alert(1)", undefined],
  ["?next=", undefined],
  ["", undefined],
])("goes on from %s to %s", (search, next) => {
  expect(nextOf(search)).toBe(next);
});

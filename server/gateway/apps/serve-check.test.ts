import { expect, it } from "vitest";
import { openAppHouse } from "./testing/app-house.ts";

it("needs no cave and no session, and says whether its cookie came back", async () => {
  await using house = await openAppHouse();
  const dashboard = `http://localhost:${house.ghost.port}`;
  const check = `http://1--self-test.localhost:${house.ghost.port}/.ghost/check`;
  const page = await house.get(check);
  expect(page.status).toBe(200);
  expect(page.headers["content-security-policy"]).toContain(`frame-ancestors 'self' ${dashboard}`);
  expect(page.body).toContain(`"${dashboard}"`);
  const [cookie = ""] = page.headers["set-cookie"] ?? [];
  for (const part of ["Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"])
    expect(cookie).toContain(part);
  const answerTo = async (sent: string) =>
    JSON.parse((await house.get(`${check}?answer`, { cookie: sent })).body) as unknown;
  expect(await answerTo(cookie.split(";")[0] ?? "")).toEqual({ cookie: true });
  expect(await answerTo("other=1")).toEqual({ cookie: false });
});

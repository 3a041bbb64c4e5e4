import { request as send } from "node:http";
import { openSession } from "./support/open-session.ts";
import { expect, test } from "./support/test.ts";

/** What an address bar, the URL parser and a server read differently, as it stands in a query. */
const elsewhere = [
  "/.//evil.example",
  "/..//evil.example",
  "/%2e//evil.example",
  "/%252e//evil.example",
  "/%2e%2e//evil.example",
  "/%09/evil.example",
  "/%0a/evil.example",
  "/%5cevil.example",
  "/.%5c%5cevil.example",
  "//evil.example",
  "%09//evil.example",
  "https://evil.example",
  "https:evil.example",
  "javascript:alert(1)",
];

test("whatever the address says to return to, a person who is signed in is led nowhere but to the console", async ({
  page,
  world,
}) => {
  await openSession(page, world.people.viewer);
  const cookies = await page.context().cookies();
  for (const entrance of ["/sign-in", "/api/auth/signin", "/api/auth/signin/oidc", "/api/auth/error"])
    for (const text of elsewhere) {
      const visited = await follow(world.address, `${entrance}?callbackUrl=${text}`, cookies);
      const foreign = visited.filter(({ origin }) => origin !== world.address);
      expect(
        foreign.map(({ href }) => href),
        `${entrance} ${text}`,
      ).toEqual([]);
    }
  const back = "/sign-in?callbackUrl=%2Faudit%2Foverview%3Frange%3D6h";
  const visited = await follow(world.address, back, cookies);
  expect(visited.map(({ pathname, search }) => pathname + search)).toEqual(["/audit/overview?range=6h"]);
});

test("a path with a host in it leads a stranger nowhere but to the sign-in page", async ({ world }) => {
  for (const path of [
    "//evil.example/a",
    "/.//evil.example",
    "/%2e//evil.example",
    "/\\evil.example",
    "/%5cevil.example",
  ]) {
    const visited = await follow(world.address, path, []);
    expect(
      visited.filter(({ origin }) => origin !== world.address).map(({ href }) => href),
      path,
    ).toEqual([]);
    expect(visited.at(-1)?.pathname, path).toBe("/sign-in");
    // And from there, signed in, back to the console.
    expect(visited.at(-1)?.searchParams.get("callbackUrl") ?? "/", path).toMatch(/^\/(?![/\\])/);
  }
});

/** Every address a browser is sent to from `path`, which goes over the wire as it stands. */
async function follow(
  address: string,
  path: string,
  cookies: { name: string; value: string }[],
): Promise<URL[]> {
  const jar = new Map(cookies.map(({ name, value }) => [name, value]));
  const visited: URL[] = [];
  let next: string | undefined = path;
  let at = new URL(address);
  for (let hops = 0; next !== undefined && hops < 8; hops++) {
    const { location, set } = await ask(at, next, jar);
    for (const [name, value] of set) jar.set(name, value);
    if (location === undefined) break;
    // As a browser resolves it.
    at = new URL(location, at);
    visited.push(at);
    // Elsewhere, or arrived: the pages themselves need not be drawn.
    if (at.origin !== address || /^\/(audit\/|$)/.test(at.pathname)) break;
    next = at.pathname + at.search;
  }
  return visited;
}

function ask(
  at: URL,
  path: string,
  jar: Map<string, string>,
): Promise<{ location: string | undefined; set: [name: string, value: string][] }> {
  return new Promise((resolve, reject) => {
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
    const asked = send({ host: at.hostname, port: at.port, path, headers }, (answer) => {
      answer.resume();
      const set = (answer.headers["set-cookie"] ?? []).map((line): [string, string] => {
        const [name = "", value = ""] = line.split(";")[0]?.split(/=(.*)/s) ?? [];
        return [name, value];
      });
      resolve({ location: answer.headers.location, set });
    });
    asked.once("error", reject);
    asked.end();
  });
}

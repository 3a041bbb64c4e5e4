import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { adminActions } from "../admin.ts";
import { openApiDocument } from "./openapi.ts";
import { partitionDoors } from "./partitions/partition-doors.ts";
import { upkeepDoors } from "./partitions/upkeep-doors.ts";
import { privacyDoors } from "./privacy/privacy-doors.ts";
import { requestDoors } from "./privacy/request-doors.ts";

const root = path.resolve(import.meta.dirname, "../..");
const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId: string; parameters?: { name: string; in: string }[]; responses: object }>
  >;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
};

/** Each verb that is not withheld from the API, by hand from the registry. */
function actionRoutes(): string[] {
  return Object.entries(adminActions)
    .filter(([, action]) => !("api" in (action.notOffered ?? {})))
    .map(([name]) => `/api/v1/actions/${name}`);
}

/** Routes that stand for several addresses. */
const doors: Record<string, string[]> = {
  "/api/v1/privacy/{verb}": Object.keys(privacyDoors),
  "/api/v1/privacy/requests/{number}/{verb}": Object.keys(requestDoors).filter(
    (verb) => !["scan", "scope"].includes(verb),
  ),
  "/api/v1/targets/{target}/partitions/{verb}": ["plan", ...Object.keys(partitionDoors)],
  "/api/v1/targets/{target}/partitions/upkeep/{verb}": Object.keys(upkeepDoors),
};

describe("openapi.json", () => {
  test("is what the schemas say; renew it with `npm run -s cli -- openapi > openapi.json`", () => {
    expect(JSON.parse(readFileSync(path.join(root, "openapi.json"), "utf8"))).toEqual(document);
  });

  test("describes every route of app/api/v1, and no other", () => {
    const folder = path.join(root, "app/api/v1");
    const routes = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => path.basename(file) === "route.ts" && !file.startsWith("[...path]"))
      .map((file) => `/api/v1/${path.dirname(file)}`.replaceAll("[", "{").replaceAll("]", "}"))
      .flatMap((route) => {
        if (route === "/api/v1/actions/{name}") return actionRoutes();
        const verbs = doors[route];
        return verbs ? verbs.map((verb) => route.replace("{verb}", verb)) : [route];
      });
    expect(Object.keys(document.paths).toSorted()).toEqual(routes.toSorted());
  });

  test("names each operation once and every parameter of its path", () => {
    const operations = Object.entries(document.paths).flatMap(([at, methods]) =>
      Object.values(methods).map((operation) => ({ at, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { at, operation } of operations) {
      const inPath = [...at.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((p) => p.in === "path").map((p) => p.name);
      expect([at, declared.toSorted()]).toEqual([at, inPath.toSorted()]);
      expect(Object.keys(operation.responses)).toContain("200");
    }
  });

  test("has no reference that leads nowhere", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty([name ?? ""]);
    expect(document.openapi).toMatch(/^3\.1\./);
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { adminActions } from "../../lib/admin.ts";
import { reads } from "../../lib/reads.ts";
import { actionHeaders, actionIds, actionPage, encodeArguments } from "./actions.ts";
import { anything, mark, type Schema, valueLike } from "./arbitrary-input.ts";
import { world } from "./world.ts";

export interface Credentials {
  /** API tokens. */
  tokens: string[];
  /** A session's cookie. */
  cookie: string;
}

/** One request; some carry several reads. */
export interface Call {
  what: string;
  calls: number;
  url: string;
  init: RequestInit;
}

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: Schema;
}

const root = path.resolve(import.meta.dirname, "../..");
const document = JSON.parse(readFileSync(path.join(root, "openapi.json"), "utf8")) as {
  paths: Record<
    string,
    Record<string, { operationId: string; parameters?: Parameter[]; requestBody?: unknown }>
  >;
};
const ids = actionIds();
const targets = fc.constantFrom("audit", "audit", "audit", "foreign", "nowhere", "", `${mark}\0`);

/** Requests to everything that answers: each operation of the API, each read, each verb. */
export function anyCall(as: Credentials): fc.Arbitrary<Call> {
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationCall(template, method, operation, as)),
  );
  // What pages may not call is refused by its name.
  const verbs = Object.entries(adminActions).map(([name, { input }]) => verbCall(name, schemaOf(input), as));
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...operations) },
    { weight: 2, arbitrary: readsCall(as) },
    { weight: 1, arbitrary: fc.oneof(...verbs) },
  );
}

function operationCall(
  template: string,
  method: string,
  {
    operationId,
    parameters = [],
    requestBody,
  }: { operationId: string; parameters?: Parameter[]; requestBody?: unknown },
  { tokens }: Credentials,
): fc.Arbitrary<Call> {
  const given = fc.tuple(
    ...parameters.map(({ name, in: place, required, schema }) =>
      fc
        .tuple(fc.integer({ min: 0, max: 9 }), name === "target" ? targets : valueLike(schema))
        .map(([dice, value]) => ({ name, place, value: textOf(value), left: dice >= (required ? 10 : 4) })),
    ),
  );
  const more = fc.option(
    fc.constantFrom(`${mark}Key=1`, "__proto__=1", "constructor=%ff", "=", "&&", `${mark}%00=%00`),
    {
      freq: 12,
      nil: "",
    },
  );
  const body = requestBody ? anyBody : fc.constant(undefined);
  return fc
    .tuple(given, more, body, fc.constantFrom(...tokens, ...tokens, ""))
    .map(([values, extra, text, token]) => {
      const inPath = (name: string) =>
        values.find((value) => value.place === "path" && value.name === name)?.value ?? "";
      const query = values
        .filter(({ place, left }) => place === "query" && !left)
        .map(({ name, value }) => `${name}=${encode(value)}`);
      const address = template.replace(/\{(\w+)\}/g, (_whole, name: string) => encode(inPath(name)) || "%20");
      return {
        what: operationId,
        calls: 1,
        url: `${world().address}${address}?${[...query, extra].filter(Boolean).join("&")}`,
        init: {
          method: method.toUpperCase(),
          headers: {
            ...(token && { authorization: `Bearer ${token}` }),
            ...text?.headers,
          },
          ...(text !== undefined && { body: text.body }),
        },
      };
    });
}

/** Bodies of which no event is whole, so that nothing is stored. */
const anyBody = fc
  .tuple(
    fc.constantFrom("application/json", "application/x-ndjson", "text/plain"),
    fc.oneof(
      fc
        .array(
          fc.dictionary(
            fc.constantFrom("id", "occurredAt", "organizationId", "details", `${mark}k`),
            anything,
          ),
          { maxLength: 3 },
        )
        .map((events) => JSON.stringify({ events })),
      anything.map((value) => JSON.stringify(value) ?? ""),
      fc.string({ unit: "binary", maxLength: 200 }).map((text) => mark + text),
    ),
  )
  .map(([type, body]) => ({ headers: { "content-type": type }, body }));

function readsCall({ cookie }: Credentials): fc.Arbitrary<Call> {
  const request = fc.oneof(
    ...Object.entries(reads).map(([name, { input }]) =>
      fc
        .tuple(targets, valueLike(schemaOf(input)))
        .map(([target, given]) => ({ name, target, input: given })),
    ),
    fc.record({
      name: fc.constantFrom(`${mark}Read`, "__proto__", "toString"),
      target: targets,
      input: anything,
    }),
  );
  return fc
    .tuple(fc.array(request, { minLength: 5, maxLength: 5 }), fc.integer({ min: 0, max: 19 }), anything)
    .map(([requests, dice, other]) => actionCall("readMany", [dice === 0 ? other : requests], cookie, 5));
}

function verbCall(name: string, schema: Schema, { cookie }: Credentials): fc.Arbitrary<Call> {
  const named = fc.oneof(
    { weight: 19, arbitrary: fc.constant(name) },
    { weight: 1, arbitrary: fc.constantFrom(`${mark}Verb`, "__proto__", "toString") },
  );
  return fc
    .tuple(named, valueLike(schema), fc.option(anything))
    .map(([verb, input, phrase]) =>
      actionCall("act", phrase === null ? [verb, input] : [verb, input, phrase], cookie, 1),
    );
}

function actionCall(name: string, given: unknown[], cookie: string, calls: number): Call {
  return {
    what: name,
    calls,
    url: `${world().address}${actionPage}`,
    init: {
      method: "POST",
      headers: actionHeaders(ids.get(name) ?? "", cookie),
      body: encodeArguments(given),
    },
  };
}

function schemaOf(input: z.ZodType): Schema {
  return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  return typeof value === "object" ? (JSON.stringify(value) ?? "") : String(value);
}

/** Percent-encoded; half a surrogate pair, which has no UTF-8, as the byte that none begins with. */
function encode(text: string): string {
  return [...text]
    .map((character) => (character.isWellFormed() ? encodeURIComponent(character) : "%ff"))
    .join("");
}

import fc from "fast-check";

/** Stands in every generated name and text, so that a log line that repeats one is found. */
export const mark = "fzq";

/** What of JSON Schema our documents use. */
export interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

const uuid = "0190163d-8694-739b-aea5-966c26f8ad91";
const instants = [
  "2026-11-01T00:00:00Z",
  "2026-11-02T00:00:00.123456Z",
  "2026-11-03T00:00:00+02:00",
  "1970-01-01T00:00:00Z",
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999Z",
  "+275760-09-13T00:00:00.000Z",
  "-000001-01-01T00:00:00Z",
  "infinity",
];
const numbers = [0, -1, 1, 1.5, 300, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -0];
const texts = [
  "",
  "\0",
  "\u{10ffff}",
  "\ud800",
  "%",
  "_",
  "\\",
  "$1",
  "$$",
  "'",
  '"\n{}',
  "audit_log",
  "public",
  "connections.active",
  "database.commits",
  "1/1/1/1",
  "5/10/9223372036854775807/1",
  "5/10/9223372036854775808/1",
  "99999999999999999999",
  "-9223372036854775809",
  "__proto__",
  "constructor",
  "then",
  "NaN",
  "null",
];

const marked = fc.string({ unit: "binary", maxLength: 20 }).map((text) => mark + text);
const anyText = fc.oneof(
  fc.constantFrom(...texts),
  fc.constantFrom(...instants),
  marked,
  fc.constantFrom(mark.repeat(40), mark.repeat(4_000)),
);

/** Anything that JSON and an action's input can carry. */
export const anything: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: false },
    fc.oneof(anyText, fc.constantFrom(...numbers), fc.constantFrom(null, true, false)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(marked, fc.constantFrom("__proto__", "constructor", "")), tie("value"), {
      maxKeys: 3,
    }),
  ),
})).value;

/** Mostly what the schema wants, in one case of twelve something else. */
export function valueLike(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 11, arbitrary: wanted(schema) }, { weight: 1, arbitrary: anything });
}

function wanted(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ("const" in schema) return fc.constant(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(valueLike));
  switch (schema.type) {
    case "string":
      return textOf(schema);
    case "integer":
    case "number":
      return fc.oneof(
        fc.integer({
          min: Math.max(schema.minimum ?? -10, -1e6),
          max: Math.min(schema.maximum ?? 1_000, 1e6),
        }),
        fc.constantFrom(...numbers),
      );
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valueLike(schema.items ?? {}), { maxLength: 4 });
    case "object":
      return objectOf(schema);
    default:
      // Dates have no schema of their own.
      return fc.oneof(fc.date({ noInvalidDate: false }), fc.constantFrom(...instants), anything);
  }
}

function textOf({ format, pattern }: Schema): fc.Arbitrary<unknown> {
  if (format === "uuid") return fc.oneof(fc.uuid(), fc.constant(uuid), anyText);
  if (format === "date-time") return fc.oneof(fc.constantFrom(...instants), anyText);
  if (format === "email" || pattern?.includes("@"))
    return fc.oneof(
      anyText,
      marked.map((text) => `${text}@b`),
    );
  return anyText;
}

const rangeOfTime = fc
  .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 500 }))
  .map(([days, length]) => ({
    from: new Date(Date.UTC(1995) + days * 86_400_000),
    to: new Date(Date.UTC(1995) + (days + length) * 86_400_000),
  }));

/** Now and then without a property or with one more. */
function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
  const object = anyObjectOf({ properties, required });
  return "from" in properties && "to" in properties
    ? fc.oneof(
        object,
        fc.tuple(object, rangeOfTime).map(([given, range]) => ({ ...given, ...range })),
      )
    : object;
}

function anyObjectOf({
  properties,
  required,
}: Required<Pick<Schema, "properties" | "required">>): fc.Arbitrary<Record<string, unknown>> {
  const known = Object.entries(properties).map(([name, schema]) =>
    fc
      .tuple(fc.integer({ min: 0, max: 19 }), valueLike(schema))
      .map(([dice, value]): [string, unknown][] =>
        dice < (required.includes(name) ? 19 : 10) ? [[name, value]] : [],
      ),
  );
  const unknown = fc
    .tuple(fc.integer({ min: 0, max: 19 }), fc.oneof(marked, fc.constant("__proto__")), anything)
    .map(([dice, name, value]): [string, unknown][] => (dice === 0 ? [[name, value]] : []));
  return fc.tuple(...known, unknown).map((parts) => Object.fromEntries(parts.flat()));
}

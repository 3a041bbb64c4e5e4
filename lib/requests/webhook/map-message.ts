import { z } from "zod";
import { AppError, issueMessage } from "../../errors.ts";
import { openRequestInput, personInput } from "../intake/request-input.ts";
import type { GivenRequest } from "../intake/seal-request.ts";
import { identifierKinds } from "../sealed.ts";
import type { IntakeDefaults, MappedField } from "./intake-defaults.ts";

const givenRequest = openRequestInput.omit({ channel: true });
const knownKeys = `Known are ${Object.keys(givenRequest.shape).join(", ")}; of the person ${Object.keys(personInput.shape).join(", ")}.`;
const envelope = z.object({ data: z.unknown() });

/**
 * A message of a ticketing system as a request: by its source's map, or as the API takes it (`{"type": …, "data": request}`
 * or the request alone), with what the source sets where it says nothing. Pure.
 * @throws AppError BAD_INPUT naming fields, never what stands in them
 */
export function mapMessage(message: unknown, defaults: IntakeDefaults): GivenRequest {
  const { fields, kinds: _kinds, ...set } = defaults;
  const said = fields ? readFields(message, defaults) : ownForm(message);
  const parsed = givenRequest.safeParse({ ...set, ...said });
  if (parsed.success) return parsed.data;
  // What a message holds is the person's: issues say where, and what is expected there.
  const wrong = parsed.error.issues.map(
    (issue) =>
      [
        issue.path.join(".") || "data",
        issue.code === "unrecognized_keys" ? "holds a key that is not known" : issueMessage(issue),
      ] as const,
  );
  throw new AppError("BAD_INPUT", wrong.map(([at, text]) => `${at}: ${text}`).join("; "), {
    fields: Object.fromEntries(wrong),
    ...(parsed.error.issues.some(({ code }) => code === "unrecognized_keys") && { hint: knownKeys }),
  });
}

function ownForm(message: unknown): object {
  const wrapped = envelope.safeParse(message);
  const data = wrapped.success && wrapped.data.data !== undefined ? wrapped.data.data : message;
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data;
  throw new AppError("BAD_INPUT", "The message is no JSON object.");
}

function readFields(message: unknown, { fields = {}, kinds = {} }: IntakeDefaults): object {
  const at = (field: MappedField) => {
    const place = fields[field];
    return place === undefined ? undefined : asText(valueAt(message, place));
  };
  const kind = at("kind");
  const identifiers = [...identifierKinds]
    .flatMap((one) => (one === "name" ? [] : [{ kind: one, value: at(`identifier.${one}`) }]))
    .filter(({ value }) => value !== undefined);
  const organization = at("organization");
  return withoutUndefined({
    kind: kind === undefined ? undefined : (kinds[kind] ?? kind),
    regime: at("regime"),
    language: at("language"),
    receivedAt: at("receivedAt"),
    reference: at("reference"),
    organizations: organization === undefined ? undefined : [organization],
    person: withoutUndefined({
      identifiers,
      name: at("name"),
      contact: at("contact"),
      letter: at("letter"),
    }),
  });
}

/** What a JSON pointer leads to; undefined where it leads nowhere. */
export function valueAt(message: unknown, place: string): unknown {
  let value = message;
  for (const part of place.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Numbers of tickets come as numbers; nothing is what is null or empty. */
function asText(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function withoutUndefined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

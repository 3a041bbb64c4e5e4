import { columnsOf } from "./event-record.ts";

const text = (description: string) => ({ type: "string", description });
const orNull = (description: string, type = "string") => ({ type: [type, "null"], description });

const columns: Record<string, object> = {
  database: text("Database that the event stands in"),
  id: { ...text("The event's own id (UUID version 7)"), format: "uuid" },
  occurredAt: { ...text("When it happened, UTC, with microseconds"), format: "date-time" },
  recordedAt: { ...text("When it was recorded, UTC"), format: "date-time" },
  organizationId: text("The organisation it belongs to"),
  action: text("What was done, e.g. record.viewed"),
  status: { enum: ["attempt", "success", "failure"], description: "How it came out" },
  targetType: orNull("Kind of object it was done to"),
  targetId: orNull("Which object; your own identifier where that was you"),
  outcome: orNull("What came of it, in words of the application"),
  correlationId: orNull("What it belongs together with"),
  eventVersion: { type: "integer", description: "Version of the application's description of the event" },
  dataClassification: {
    enum: ["PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"],
    description: "How sensitive it is",
  },
  retentionPolicy: text("Rule by which it is kept"),
  processingMs: orNull("How long it took, in milliseconds", "integer"),
  you: {
    enum: ["actor", "target", "both"],
    description: "Whether you did it, or it was done concerning you",
  },
};

const person = {
  type: ["object", "null"],
  required: ["who"],
  properties: {
    who: {
      enum: ["you", "staff", "other"],
      description:
        "you; staff: acted for the controller, by role; other: somebody else, whose data are masked",
    },
    role: text("Role of a member of staff"),
    id: text("Identifier"),
    name: text("Name"),
    email: text("E-mail address"),
    ip: text("IP address"),
    userAgent: text("Program (browser)"),
    details: { type: "object", description: "Further details" },
    unreadable: { const: true, description: "It is yours, but cannot be read any more" },
  },
};

/** What `events.json` of a package is, as JSON Schema 2020-12. */
export function eventSchema(kind: "access" | "portability"): Buffer {
  const properties = Object.fromEntries(columnsOf(kind).map((name) => [name, columns[name]]));
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Events about one person",
    description: "[masked] stands in place of other people's data.",
    type: "array",
    items: {
      type: "object",
      additionalProperties: false,
      required: [...columnsOf(kind), "details", "actor", "targetPerson"],
      properties: {
        ...properties,
        details: { type: "object", description: "Further facts, as the application recorded them" },
        actor: { ...person, description: "Who did it" },
        targetPerson: { ...person, description: "Who it was done to" },
      },
    },
  };
  return Buffer.from(`${JSON.stringify(schema, null, 2)}\n`);
}

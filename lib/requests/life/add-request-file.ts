import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { trimmedInput } from "../../inputs.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
import { withRequestPerson } from "../read-request.ts";
import { readShown, requestObject, shownRequest } from "./request-verb.ts";

const mostBytes = 5 * 1_048_576;
/** Of one request. */
const mostFiles = 50;

/** A letter, or proof of what was answered; sealed, with the hash of what was added. Never a document of identity. */
export const addRequestFile = defineAdminAction({
  name: "request.add_file",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    name: trimmedInput(200).min(1),
    mediaType: z
      .string()
      .max(100)
      .regex(/^[a-z]+\/[a-z0-9.+-]+$/, "is no media type")
      .default("application/octet-stream"),
    /** At most 5 MB once decoded. */
    content: z.base64().max(Math.ceil(mostBytes / 3) * 4),
  }),
  answer: z.strictObject({ id: z.uuid(), bytes: z.int(), sha256: z.string() }),
  // Base64, and the other fields.
  mostBytes: Math.ceil(mostBytes / 3) * 4 + 4_096,
  object: requestObject,
  async run({ tx, actor, now }, { name, mediaType, content, ...shown }) {
    const row = await readShown(tx, shown);
    const { requestFile } = schema;
    const bytes = Buffer.from(content, "base64");
    if (bytes.length === 0 || bytes.length > mostBytes)
      throw new AppError("BAD_INPUT", "A file holds 1 byte to 5 MB.", {
        fields: { content: "is too large, or empty" },
      });
    if ((await tx.$count(requestFile, eq(requestFile.requestId, row.id))) >= mostFiles)
      throw new AppError("CONFLICT", `Request #${row.number} has ${mostFiles} files: that is the most.`);
    const id = uuidV7(now.getTime());
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await withRequestPerson(tx, row, async (_person, key) => {
      await tx.insert(requestFile).values({
        ...{ id, requestId: row.id, addedAt: now, bytes: bytes.length, sha256, mediaType },
        addedByName: actor.person?.email ?? actor.name,
        sealedName: key.seal(`file-name/${id}`, Buffer.from(name)),
        sealed: key.seal(`file/${id}`, bytes),
      });
    });
    const facts = { file: id, bytes: bytes.length, sha256 };
    await writeRequestEvent(tx, row, { kind: "file", actor, now, facts });
    return {
      data: { id, bytes: bytes.length, sha256 },
      object: requestObject({ request: row.number }),
      facts,
    };
  },
});

import { createHash, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../../db/schema.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
import { requireRequest } from "../read-request.ts";
import { requestNumber } from "../request-number.ts";
import { requireReady } from "./find-package.ts";

/** A link is good for so long, or for one download. */
export const linkHours = 24;

export const packageLink = z.strictObject({
  /** The path of the download, with the link's secret: shown this once, kept as its SHA-256. */
  link: z.string(),
  until: z.string(),
  bytes: z.number(),
  sha256: z.string(),
});

export const linkDigest = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/**
 * A link by which a privacy officer downloads a package, once, within a day. An earlier link of it ends. Whoever asks proves
 * again that it is they.
 */
export const createPackageLink = defineAdminAction({
  name: "request.create_package_link",
  role: "privacy_officer",
  person: true,
  reauthenticate: "/account/prove",
  input: z.strictObject({ request: requestNumber }),
  answer: packageLink,
  object: ({ request }) => ({ type: "request", id: String(request) }),
  async run({ tx, actor, now }, { request }) {
    const row = await requireRequest(tx, request);
    const { id, bytes, sha256 } = await requireReady(tx, row);
    const secret = randomBytes(32).toString("base64url");
    const until = new Date(now.getTime() + linkHours * 3_600_000);
    await tx
      .update(schema.requestPackage)
      .set({ linkDigest: linkDigest(secret), linkUntil: until })
      .where(eq(schema.requestPackage.id, id));
    const facts = { package: id, until: until.toISOString() };
    await writeRequestEvent(tx, row, { kind: "package_link", actor, now, facts });
    return {
      data: {
        link: `/api/v1/privacy/requests/${request}/package?link=${secret}`,
        until: until.toISOString(),
        bytes,
        sha256: sha256 ?? "",
      },
      object: { type: "request", id: String(request) },
      facts,
    };
  },
});

import { eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { requireRequest } from "../read-request.ts";

/** A signed bundle as it is handed out. */
export interface RequestCertificate {
  /** 1 is the certificate, further ones are supplements. */
  n: number;
  /** ISO 8601 */
  signedAt: string;
  /** Finds its public key at `/api/v1/keys`. */
  kid: string;
  /** Of the bundle, hex. */
  sha256: string;
  /** To be kept as it is, to the byte. */
  bundle: string;
}

/** The certificate of a request and its supplements, in order; none before it is closed. @throws AppError NOT_FOUND */
export async function getCertificates(
  db: Queryable,
  request: number | string,
): Promise<RequestCertificate[]> {
  const { id } = await requireRequest(db, request);
  const { requestCertificate: certificate } = schema;
  const rows = await db
    .select()
    .from(certificate)
    .where(eq(certificate.requestId, id))
    .orderBy(certificate.n);
  return rows.map(({ n, signedAt, kid, sha256, bundle }) => ({
    ...{ n, kid, sha256, bundle },
    signedAt: signedAt.toISOString(),
  }));
}

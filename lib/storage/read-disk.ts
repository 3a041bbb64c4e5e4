import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, cannotJudge } from "../check.ts";
import { env } from "../env.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { counted } from "../words.ts";
import { getDiskUse } from "./get-disk-use.ts";

export interface Disk {
  capacityBytes: number;
  usedBytes: number;
  /** What is not in the figure. */
  counts: string;
}

/** The disk's figures, or the answer that says why there are none. */
export async function readDisk(audit: AuditDb): Promise<Disk | CheckAnswer> {
  const capacityBytes = env().targets.find(({ name }) => name === audit.target)?.diskCapacityBytes;
  if (capacityBytes === undefined)
    return cannotJudge("The size of the disk is not known.", {
      code: "not_configured",
      reason: "PostgreSQL cannot be asked how large its disk is.",
      enable: "AUDIT_DISK_CAPACITY_BYTES, or disk_capacity_bytes of the target in AUDIT_DATABASES",
    });
  const { data } = await getDiskUse(audit);
  if (data.usedBytes === null)
    return cannotJudge("What lies on the disk cannot be seen.", {
      code: "no_grant",
      reason: `${data.user} may not ask for the size of other databases and of the WAL.`,
      enable: `GRANT pg_monitor TO ${quoteIdentifier(data.user)};`,
    });
  const elsewhere = data.elsewhere > 0 ? ` ${counted(data.elsewhere, "other tablespace")} not counted.` : "";
  return {
    capacityBytes,
    usedBytes: data.usedBytes,
    counts: `Databases and WAL are counted; other files on the same disk are not.${elsewhere}`,
  };
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString("en-US", { maximumFractionDigits: Math.abs(bytes) < 1e10 ? 2 : 0 })} GB`;
}

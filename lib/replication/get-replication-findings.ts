import type { AuditDb } from "../audit-db/types.ts";
import { counted, type Finding } from "../finding.ts";
import { getArchiver } from "./get-archiver.ts";
import { getSlots } from "./get-slots.ts";
import { getTopology } from "./get-topology.ts";
import { judgeArchiver } from "./judge-archiver.ts";
import { judgeServers } from "./judge-servers.ts";
import { judgeSlots } from "./judge-slots.ts";

/** Servers that are behind, gone or read-write out of place, slots that hold too much back, archiving that fails. */
export async function getReplicationFindings(audit: AuditDb): Promise<Finding[]> {
  const [{ data: servers, unavailable }, { data: slots }, { data: archiver }] = await Promise.all([
    getTopology(audit),
    getSlots(audit),
    getArchiver(audit),
  ]);
  const findings = [...judgeServers(servers), ...judgeSlots(slots), ...judgeArchiver(archiver, new Date())];
  if (unavailable) {
    const fed = servers.filter(({ standby }) => standby !== null).length;
    findings.push({
      check: "replication.lag",
      severity: "notice",
      title: `${counted(fed, "standby", "standbys")} connected, but the lag may not be seen.`,
      detail: unavailable.reason,
      path: "settings/targets",
      unavailable,
    });
  }
  return findings;
}

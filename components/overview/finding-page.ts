import type { Finding } from "@/lib/finding.ts";

/** Where a finding is explained; the overview's own findings lie in its replication panel. */
export function findingHref(finding: Pick<Finding, "path">, target: string): string {
  const anchor = finding.path === "overview" ? "#replication" : "";
  return `/${encodeURIComponent(target)}/${finding.path}${anchor}`;
}

/** The page's name as its link says it: "Connections". */
export function pageOfFinding(finding: Pick<Finding, "path">): string {
  const page = finding.path === "overview" ? "replication" : (finding.path.split("/")[0] ?? "");
  return page.charAt(0).toUpperCase() + page.slice(1);
}

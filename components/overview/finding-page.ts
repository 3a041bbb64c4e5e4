import type { Finding } from "@/lib/evaluation/finding.ts";

/** Where a finding is explained: a page of the target, or the settings of all of them, opened at it. */
export function findingHref(finding: Pick<Finding, "path">, target: string): string {
  const name = encodeURIComponent(target);
  return finding.path.startsWith("settings/") ? `/${finding.path}?of=${name}` : `/${name}/${finding.path}`;
}

/** The check itself: what to do, its limits and every object. */
export function checkHref({ check }: Pick<Finding, "check">, target: string): string {
  return `/settings/checks?check=${encodeURIComponent(check)}&on=${encodeURIComponent(target)}`;
}

/** The page's name as its link says it: "Connections". */
export function pageOfFinding(finding: Pick<Finding, "path">): string {
  const page = finding.path.split(/[/?]/)[0] ?? "";
  return page.charAt(0).toUpperCase() + page.slice(1);
}

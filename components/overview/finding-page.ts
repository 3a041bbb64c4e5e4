import type { Finding } from "@/lib/evaluation/finding.ts";
import { checkPanel } from "./check-panel.ts";

/** A page of the target or of Settings, and the check whose finding leads there; none for a tile. */
interface Led {
  path: string;
  check?: string;
}

/** Where a finding is explained: the panel of a page of the target, or the settings of all of them, opened at it. */
export function findingHref(finding: Led, target: string): string {
  const name = encodeURIComponent(target);
  const path = placeOf(finding);
  return path.startsWith("settings/") ? `/${path}?of=${name}` : `/${name}/${path}`;
}

/** The check itself: what to do, its limits and every object. */
export function checkHref({ check }: Pick<Finding, "check">, target: string): string {
  return `/settings/checks?check=${encodeURIComponent(check)}&on=${encodeURIComponent(target)}`;
}

/** The page's name as its link says it: "Connections". */
export function pageOfFinding(finding: Led): string {
  const page = placeOf(finding).split(/[/?#]/)[0] ?? "";
  return page.charAt(0).toUpperCase() + page.slice(1);
}

/** An object with a page of its own (a statement, a setting) is explained there, and not in its check's panel. */
function placeOf({ path, check }: Led): string {
  const own = path.includes("/") && !path.startsWith("alerts/");
  return (!own && check && checkPanel[check]) || path;
}

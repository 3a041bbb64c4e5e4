import type { Labels } from "@/lib/alerting/labels.ts";
import type { Matcher } from "@/lib/alerting/matcher.ts";

/** What means one object of one check and nothing else; the target is the silence's own. */
export function muteMatchers({
  check,
  kind,
  object,
  database,
}: Pick<Labels, "check" | "kind" | "object" | "database">): Matcher[] {
  const exactly = (label: Matcher["label"], value: string): Matcher => ({ label, is: "=", value });
  return [
    exactly("check", check),
    exactly("kind", kind),
    exactly("object", object),
    ...(database ? [exactly("database", database)] : []),
  ];
}

import { stateNames } from "@/lib/request-law/states.ts";
import type { RequestEventKind, RequestTimelineEntry } from "@/lib/requests/types.ts";
import { counted } from "@/lib/words.ts";

const plain: Record<Exclude<RequestEventKind, "moved">, string> = {
  received: "Taken in",
  identity_asked: "Proof of identity asked for",
  identity_seen: "Identity checked",
  clarification_asked: "They were asked what they mean",
  clarification_given: "They clarified it",
  fee_asked: "A fee was asked for",
  fee_paid: "The fee was paid",
  extended: "Extended, and told why",
  acknowledged: "Receipt acknowledged",
  scoped: "Counted what there is",
  note: "Note",
  file: "File added",
  linked: "Linked with another request",
  package_ready: "Package is ready",
  others_revealed: "Other people are shown in some events",
  package_passphrase: "Passphrase shown, once",
  package_link: "Download link made",
  package_downloaded: "Package downloaded",
  package_purged: "Package deleted from the console",
  erasure: "Key destroyed",
  redaction: "Values removed from events",
  scanned: "Looked for what is left",
  certificate: "Certificate signed",
  supplement: "Supplement to the certificate signed",
  told: "Answer sent",
  personal_destroyed: "What it said of the person was destroyed",
};

const commands: Record<string, string> = {
  begin_scope: "Counting begins",
  rescope: "Counting begins again",
  rescan: "Looking for what is left begins",
  execute: "Carrying out begins",
  resume: "Goes on",
};

/** What happened, in a few words; facts that a person understands follow it. */
export function entryWords({ kind, to, facts }: RequestTimelineEntry): string {
  // One kind of line for a key's whole end: at first it is only asked for.
  if (kind === "erasure" && facts.step === "asked")
    return typeof facts.keys === "number" && facts.keys > 0
      ? `Erasure of ${counted(facts.keys, "key")} begun`
      : "No key was left to erase";
  if (kind !== "moved") return plain[kind];
  const command = typeof facts.command === "string" ? commands[facts.command] : undefined;
  return command ?? (to ? stateNames[to] : "Moved");
}

/** Counts and codes of an entry that say something by themselves. */
export function factWords({ facts }: Pick<RequestTimelineEntry, "facts">): string {
  const words: string[] = [];
  const text = (name: string) => (typeof facts[name] === "string" ? (facts[name] as string) : null);
  const number = (name: string) => (typeof facts[name] === "number" ? (facts[name] as number) : null);
  const target = text("target");
  const policy = text("policy");
  if (policy) words.push(target ? `${policy} on ${target}` : policy);
  const events = number("events");
  if (events !== null) words.push(counted(events, "event"));
  for (const name of ["method", "result", "channel", "ground", "reason"]) {
    const value = text(name);
    if (value) words.push(value.replaceAll("_", " "));
  }
  const other = number("request") ?? number("of") ?? number("duplicate");
  if (other !== null) words.push(`#${other}`);
  return words.join(" · ");
}

/** Ids of the grounds on which something was refused. */
export function groundsOf({ facts }: Pick<RequestTimelineEntry, "facts">): string[] {
  return Array.isArray(facts.grounds) ? facts.grounds.filter((id) => typeof id === "string") : [];
}

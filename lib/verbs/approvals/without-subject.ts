/**
 * What an input is told as once it is anybody's to read: which subject of the vault it is about would tell whose tokens are
 * one person's, also after the link from one of them was destroyed.
 */
export function withoutSubject(input: unknown): unknown {
  const isSubject = typeof input === "object" && input !== null && "subject" in input;
  return isSubject ? { ...input, subject: "a person" } : input;
}

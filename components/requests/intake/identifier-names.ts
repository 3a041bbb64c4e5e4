import type { RequestPerson } from "@/lib/requests/sealed.ts";

export type IdentifierKind = RequestPerson["identifiers"][number]["kind"];

/** How an application may know a person, for people. */
export const identifierNames: Record<IdentifierKind, string> = {
  id: "Id in the application",
  email: "E-mail address",
  phone: "Phone number",
  name: "Name",
  ip: "IP address",
  other: "Something else",
};

import { roleReaches } from "@/lib/client/roles.ts";
import type { Role } from "@/lib/env/sign-in-variables.ts";

interface SettingsPage {
  href: string;
  label: string;
  question: string;
  role: Role;
}

const all: readonly SettingsPage[] = [
  {
    href: "/settings/targets",
    label: "Targets",
    question: "What can the console see on each database, and what is missing?",
    role: "viewer",
  },
  {
    href: "/settings/checks",
    label: "Checks",
    question: "What is checked on each database, and how does it stand?",
    role: "viewer",
  },
  {
    href: "/settings/users",
    label: "People",
    question: "Who has access, and with which role?",
    role: "admin",
  },
  {
    href: "/settings/tokens",
    label: "API tokens",
    question: "Which programs may ask, and until when?",
    role: "privacy_officer",
  },
  {
    href: "/settings/sessions",
    label: "Sessions",
    question: "Where is somebody signed in right now?",
    role: "viewer",
  },
  {
    href: "/settings/approvals",
    label: "Approvals",
    question: "What waits for a second person?",
    role: "viewer",
  },
  {
    href: "/settings/requests",
    label: "Requests",
    question: "Who answers for people's data, and who may hand requests in?",
    role: "privacy_officer",
  },
  {
    href: "/settings/keys",
    label: "Keys",
    question: "Which keys sign and wrap secrets, and how old are they?",
    role: "admin",
  },
  { href: "/settings/activity", label: "Activity", question: "Who did what in this console?", role: "admin" },
];

/** The settings pages that a role may see. */
export function settingsPages(role: Role): SettingsPage[] {
  return all.filter((page) => roleReaches(role, page.role));
}

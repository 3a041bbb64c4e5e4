/** The pages of the console. A new page is one line here; only pages that work stand here. */
import {
  Bell,
  Blocks,
  Cable,
  Copy,
  DatabaseZap,
  Gauge,
  ListChecks,
  ListTree,
  type LucideIcon,
  ScrollText,
  Settings,
  ShieldUser,
  Wrench,
} from "lucide-react";

export interface Page {
  label: string;
  /** `{target}` is replaced by the target's name; pages without it belong to the console. */
  path: string;
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
  /** What the page answers, for the command palette. */
  question: string;
  /** Stands in a phone's bar by itself; the others are behind "More". */
  inBar?: true;
}

/** Its link counts what fires. */
export const alertsPath = "/{target}/alerts";

export const pages: readonly Page[] = [
  {
    label: "Overview",
    path: "/{target}/overview",
    icon: Gauge,
    key: "o",
    question: "Is it healthy, and will it stay so?",
    inBar: true,
  },
  {
    label: "Connections",
    path: "/{target}/connections",
    icon: Cable,
    key: "c",
    question: "Where do requests wait?",
    inBar: true,
  },
  {
    label: "Caches",
    path: "/{target}/caches",
    icon: DatabaseZap,
    key: "h",
    question: "What reaches the disk?",
  },
  {
    label: "Partitions",
    path: "/{target}/partitions",
    icon: Blocks,
    key: "p",
    question: "Is there a place for every event?",
  },
  {
    label: "Queries",
    path: "/{target}/queries",
    icon: ScrollText,
    key: "q",
    question: "What costs the most time?",
    inBar: true,
  },
  {
    label: "Replication",
    path: "/{target}/replication",
    icon: Copy,
    key: "r",
    question: "Is there a second copy, and how old is it?",
  },
  {
    label: "Maintenance",
    path: "/{target}/maintenance",
    icon: Wrench,
    key: "m",
    question: "What will stop the server, or cost it, unless somebody acts?",
  },
  {
    label: "Events",
    path: "/{target}/events",
    icon: ListTree,
    key: "e",
    question: "Who did what, and does the record still say so?",
  },
  {
    label: "Privacy",
    path: "/{target}/privacy",
    icon: ShieldUser,
    key: "v",
    question: "What must be answered by when, whom does the log hold, and what may not be destroyed?",
  },
  {
    label: "Alerts",
    path: alertsPath,
    icon: Bell,
    key: "a",
    question: "What needs somebody, and who has it?",
    inBar: true,
  },
  {
    label: "Jobs",
    path: "/{target}/jobs",
    icon: ListChecks,
    key: "j",
    question: "What is being done, how far is it, and what needs a hand?",
  },
  {
    label: "Settings",
    path: "/settings",
    icon: Settings,
    key: "s",
    question: "Targets, checks, people, tokens, activity",
  },
];

/** What a phone's bar shows, and what it keeps behind "More": at most five places together. */
export function barPages(target: string | null): { shown: readonly Page[]; more: readonly Page[] } {
  const there = pages.filter(({ path }) => target !== null || !path.includes("{target}"));
  if (there.length <= 5) return { shown: there, more: [] };
  return { shown: there.filter(({ inBar }) => inBar), more: there.filter(({ inBar }) => !inBar) };
}

export function pageHref(page: Page, target: string): string {
  return page.path.replace("{target}", encodeURIComponent(target));
}

/** The page an address belongs to. */
export function pageOfPath(pathname: string): Page | undefined {
  const parts = pathname.split("/");
  return pages.find((page) => {
    const wanted = page.path.split("/");
    return wanted.every((part, index) => part === "{target}" || part === parts[index]);
  });
}

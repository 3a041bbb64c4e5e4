/** The pages of the console. A new page is one line here; only pages that work stand here. */
import {
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
}

export const pages: readonly Page[] = [
  {
    label: "Overview",
    path: "/{target}/overview",
    icon: Gauge,
    key: "o",
    question: "Is it healthy, and will it stay so?",
  },
  {
    label: "Connections",
    path: "/{target}/connections",
    icon: Cable,
    key: "c",
    question: "Where do requests wait?",
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
  },
  {
    label: "Replication",
    path: "/{target}/replication",
    icon: Copy,
    key: "r",
    question: "Is there a second copy, and how old is it?",
  },
  {
    label: "Events",
    path: "/{target}/events",
    icon: ListTree,
    key: "e",
    question: "Who did what, and does the record still say so?",
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

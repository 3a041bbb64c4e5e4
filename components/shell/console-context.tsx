"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Role } from "@/lib/env/sign-in-variables.ts";

/** What the server says about who is here and what is watched. */
export interface ConsoleFacts {
  /** `id`: null for whoever has no account. */
  person: { id: string | null; name: string; email: string | null; role: Role; roleName: string };
  /** Words of the button that signs in at the OpenID Connect provider; null without one. */
  provider: string | null;
  /** `servers`: how many of them are configured, the primary and its replicas. */
  targets: readonly { name: string; demo: boolean; servers: number }[];
}

const Context = createContext<ConsoleFacts | null>(null);

export function ConsoleFactsProvider({ value, children }: { value: ConsoleFacts; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

/** The signed-in person and the targets. Hiding a button by role is a courtesy; the server refuses anyway. */
export function useConsole(): ConsoleFacts {
  const facts = useContext(Context);
  if (!facts) throw new Error("useConsole needs the console layout above it");
  return facts;
}

"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import type { AdminOutput } from "@/lib/admin.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";

type Opened = AdminOutput<"viewRequestPerson">;

interface OpenedState {
  /** What is sealed of the request, once somebody looked; kept in this page's memory alone. */
  opened: Opened | null;
  pending: boolean;
  error: string | null;
  /** Each look is on record. */
  open: () => void;
  hide: () => void;
}

const Context = createContext<OpenedState | null>(null);

/** What is sealed of one request: shown to whoever asks for it, and gone with the page. */
export function OpenedProvider({ number, children }: { number: number; children: ReactNode }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const view = useAdminAction("viewRequestPerson", { toastErrors: false });
  const value: OpenedState = {
    opened,
    pending: view.pending,
    error: errorWords(view.error),
    open: () => void view.run({ request: number }).then((found) => found && setOpened(found)),
    hide: () => setOpened(null),
  };
  return <Context value={value}>{children}</Context>;
}

export function useOpened(): OpenedState {
  const state = useContext(Context);
  if (!state) throw new Error("useOpened needs an OpenedProvider above it");
  return state;
}

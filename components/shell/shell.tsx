"use client";

/** The frame of every signed-in page: rail (bottom bar on a phone), top bar, main. */
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { loadCode } from "@/lib/client/load-code.ts";
import { RefreshClockProvider } from "@/lib/client/refresh-clock.tsx";
import { AlertsLive } from "./alerts-live.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { type ConsoleFacts, ConsoleFactsProvider } from "./console-context.tsx";
import { ConsoleOutageBanner } from "./console-outage-banner.tsx";
import { PaletteHost } from "./palette-host.tsx";
import { Rail } from "./rail.tsx";
import { ReauthenticateDialog } from "./reauthenticate-dialog.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { TopBar } from "./top-bar.tsx";

const ShortcutHelp = dynamic(
  () => loadCode(() => import("./shortcut-help.tsx")).then((m) => m.ShortcutHelp),
  { ssr: false },
);

interface ShellProps {
  facts: ConsoleFacts;
  railCollapsed: boolean;
  children: ReactNode;
}

export function Shell({ facts, railCollapsed, children }: ShellProps) {
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  useShortcuts(facts.targets, {
    palette: () => setOpen("palette"),
    help: () => setOpen("help"),
  });
  return (
    <ConsoleFactsProvider value={facts}>
      <RefreshClockProvider>
        <a
          href="#main"
          className="sr-only z-60 rounded-md bg-accent px-3 py-1.5 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the figures
        </a>
        <div className="flex min-h-dvh">
          <Rail initiallyCollapsed={railCollapsed} />
          <div className="flex min-w-0 grow flex-col">
            <TopBar onSearch={() => setOpen("palette")} onHelp={() => setOpen("help")} />
            <main
              id="main"
              tabIndex={-1}
              className="mx-auto w-full max-w-[1680px] grow px-4 pt-5 pb-24 outline-none sm:px-6 sm:pb-12"
            >
              <ConsoleOutageBanner />
              {children}
            </main>
          </div>
        </div>
        <BottomBar />
        <AlertsLive />
        <ReauthenticateDialog />
        <PaletteHost open={open === "palette"} onClose={() => setOpen(null)} onHelp={() => setOpen("help")} />
        {open === "help" && <ShortcutHelp onClose={() => setOpen(null)} />}
      </RefreshClockProvider>
    </ConsoleFactsProvider>
  );
}

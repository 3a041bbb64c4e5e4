"use client";

import { Keyboard, KeyRound, LogOut, MonitorSmartphone } from "lucide-react";
import Link from "next/link";
import { useTheme } from "next-themes";
import {
  DropdownMenu,
  MenuItem,
  MenuLabel,
  MenuRadio,
  MenuSeparator,
} from "@/components/ui/dropdown-menu.tsx";
import { toast } from "@/lib/client/notices.ts";
import { useConsole } from "./console-context.tsx";

export const themes = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;
export type ThemeChoice = (typeof themes)[number][0];

/** Ends the session on the server and goes to the sign-in page. */
export async function leave() {
  try {
    const { signOut } = await import("next-auth/react");
    await signOut({ callbackUrl: "/sign-in" });
  } catch {
    toast.critical("Signing out did not work", {
      description: "The console could not be reached; try again.",
    });
  }
}

/** Who is signed in, theme, password, sessions, sign out. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { person } = useConsole();
  const { theme = "system", setTheme } = useTheme();
  const initials = person.name
    .split(/\s+/)
    .map((part) => part[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  return (
    <DropdownMenu
      label="Account"
      className="min-w-56"
      trigger={
        <button
          type="button"
          aria-label={`${initials}: account of ${person.name}`}
          className="ml-0.5 flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
        >
          {initials}
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-2">
        <p className="truncate text-sm font-medium">{person.name}</p>
        <p className="truncate text-xs text-muted">
          {person.email ? `${person.email} · ` : ""}
          {person.roleName}
        </p>
      </div>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuRadio value={theme as ThemeChoice} onChange={setTheme} options={themes} />
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/account/password">
          <KeyRound aria-hidden /> Change password
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link href="/settings/sessions">
          <MonitorSmartphone aria-hidden /> Sessions
        </Link>
      </MenuItem>
      <MenuItem icon={<Keyboard />} aside="?" onSelect={onHelp}>
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut />} onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </DropdownMenu>
  );
}

"use client";

import { CircleUserRound, UserRoundX } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu.tsx";
import type { TriggerElement } from "@/components/ui/lazy-trigger.tsx";
import { useRead } from "@/lib/client/use-read.ts";

interface AssignMenuProps {
  /** A button. */
  trigger: TriggerElement;
  /** Who has it now. */
  current?: string | null;
  onAssign: (person: { id: string; name: string } | null) => void;
}

/** Who may be given an incident: those who can do something about it. */
export function AssignMenu({ trigger, current = null, onAssign }: AssignMenuProps) {
  const { data } = useRead("assignees", {}, { polled: false });
  const { person } = useConsole();
  const me = data?.find(({ id }) => id === person.id);
  const others = data?.filter((each) => each !== me) ?? [];
  return (
    <DropdownMenu label="Assign to" align="start" className="max-h-80 min-w-52" trigger={trigger}>
      {me && (
        <MenuItem icon={<CircleUserRound />} disabled={me.id === current} onSelect={() => onAssign(me)}>
          Me ({me.name})
        </MenuItem>
      )}
      {others.map((each) => (
        <MenuItem
          key={each.id}
          icon={<CircleUserRound />}
          disabled={each.id === current}
          onSelect={() => onAssign(each)}
        >
          {each.name}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<UserRoundX />} disabled={current === null} onSelect={() => onAssign(null)}>
        Nobody
      </MenuItem>
    </DropdownMenu>
  );
}

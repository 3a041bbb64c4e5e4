import { Compass } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";

export function NotFoundPage() {
  return (
    <div className="grid min-h-[60vh] place-items-center">
      <EmptyState
        icon={<Compass />}
        title="There is no such page"
        action={
          <Link href="/" className={buttonStyle({ variant: "primary" })}>
            Go to the overview
          </Link>
        }
      >
        <p>No target or page goes by this address. It may have been renamed or never configured.</p>
      </EmptyState>
    </div>
  );
}

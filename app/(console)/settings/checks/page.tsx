import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { checksInput } from "@/components/settings/checks-input";
import { ChecksView } from "@/components/settings/checks-view";

export const metadata: Metadata = { title: "Checks · Settings" };

export default function ChecksPage() {
  return (
    <Prefetch target="" reads={[["checks", checksInput]]}>
      <ChecksView />
    </Prefetch>
  );
}

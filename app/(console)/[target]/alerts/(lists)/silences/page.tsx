import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { SilencesView } from "@/components/silences/silences-view";

interface PageProps {
  params: Promise<{ target: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Silences · ${decodeURIComponent((await params).target)}` };
}

export default async function SilencesPage({ params }: PageProps) {
  const target = decodeURIComponent((await params).target);
  return (
    <Prefetch
      target={target}
      reads={[
        ["silences", { target }],
        ["maintenanceWindows", { target }],
        ["deadMan", {}],
      ]}
    >
      <SilencesView />
    </Prefetch>
  );
}

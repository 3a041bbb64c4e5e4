import { actWith } from "@/app/api/v1/act";

export const dynamic = "force-dynamic";
export const POST = actWith();

import { changeUpkeepWith } from "@/app/api/v1/upkeep";

export const dynamic = "force-dynamic";
export const POST = changeUpkeepWith();

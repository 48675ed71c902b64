/** `./ludeng models`: which pack of recognition models this station reads with. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { ppOcrChannels } from '#paper/ocr/packs/pp-ocr-pack.ts';
import type { PpOcrChannels } from '#paper/ocr/packs/pp-ocr-pack.ts';
import { addPack, checkPack, choosePack, listPacks } from '#paper/ocr/packs/station-packs.ts';
import type { AddOptions } from '#paper/ocr/packs/station-packs.ts';
import type { AgentPaths } from '../settings.ts';

export interface ModelsFlags {
  id?: string | undefined;
  licence?: string | undefined;
  channels?: string | undefined;
}

const channelsSchema = z.enum(Object.keys(ppOcrChannels) as [PpOcrChannels]);

/** Exit status, or undefined when the words make no command. Throws MODEL_INVALID with the reason. */
export async function manageModels(
  paths: AgentPaths,
  [command, operand]: string[],
  flags: ModelsFlags,
): Promise<number | undefined> {
  if (command === 'list') {
    for (const { id, licence, builtIn, chosen } of await listPacks(paths))
      say(
        `${chosen ? '使用中' : '　　　'}  ${id}  ${builtIn ? '内置' : '外部'}  许可：${licence || '未注明'}`,
      );
    return 0;
  }
  if (command === 'check') {
    const { id, modelHash } = await checkPack(paths, operand);
    say(`模型包 ${id} 完好，标识 ${modelHash.slice(0, 16)}`);
    return 0;
  }
  if (command === 'add' && operand !== undefined) {
    const options = addOptions(flags);
    if (!options) return undefined;
    const { id, licence } = await addPack(paths, resolve(operand), options);
    say(`已加入模型包 ${id}（许可：${licence || '未注明'}）。选用：./ludeng models use ${id}`);
    return 0;
  }
  if (command === 'use' && operand !== undefined) {
    await choosePack(paths, operand);
    say(`已选用模型包 ${operand}，重新启动采集站后生效`);
    return 0;
  }
  return undefined;
}

function addOptions({ id, licence, channels }: ModelsFlags): AddOptions | undefined {
  const parsed = channelsSchema.optional().safeParse(channels);
  if (!parsed.success) return undefined;
  return {
    ...(id === undefined ? {} : { id }),
    ...(licence === undefined ? {} : { licence }),
    ...(parsed.data === undefined ? {} : { channels: parsed.data }),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

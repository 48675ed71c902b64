/** `./ludeng`: the station's command line, thin over the same services as the counter. */
import { parseArgs } from 'node:util';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import { ConfigError } from '#config/load-catalogue.ts';
import { readAgentPaths } from '../settings.ts';
import { doctor } from './doctor.ts';
import { manageModels } from './models.ts';
import { showOpeningUrl } from './open.ts';
import { readFiles } from './read.ts';
import { verifySealFiles } from './verify-seal.ts';
import { writeSeparator } from './separator.ts';
import { verifyCases } from './verify.ts';

const help = `用法：
  ./ludeng start                                            启动采集站（同 npm start）
  ./ludeng open                                             取得打开采集站页面的新地址，两分钟内用一次
  ./ludeng doctor [--json]                                  检查设备、驱动、识别模型、版本，说明哪些是模拟的
  ./ludeng read 文件... [--certificate 证件ID] --json 输出      读取 PDF、JPEG、PNG、TIFF，输出页面、文字行和字段
  ./ludeng verify --cases 案例.json --json 输出               按案例核对所填内容与图片，输出红黄绿灯
  ./ludeng verify-seal 文件.pdf... [--json] [--page 报告.html] [--trust CA证书]... [--tsa 时间戳证书]... [--crl 吊销列表]...
                                                            验证签章：一个文件逐项说明，多个文件每个一行
  ./ludeng models list                                      列出识别模型包，标出正在使用的
  ./ludeng models add 文件夹 [--id 名称] [--licence 许可] [--channels bgr|red]
                                                            加入外部模型包：有 manifest.json 的按清单，PP-OCR 导出的直接识别
  ./ludeng models check [名称]                               检查模型包的文件、形状和字典
  ./ludeng models use 名称                                   选用模型包，重新启动采集站后生效
  ./ludeng separator 输出.pdf                                 生成分隔页，打印后放在一叠材料的两份之间
输出写 - 表示标准输出。`;

/** Exit status: 0 done, 1 some file failed (the rest is in the output), 2 wrong arguments. */
async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  const paths = readAgentPaths();
  switch (command) {
    case 'read': {
      const { values, positionals } = parseArgs({
        args: rest,
        allowPositionals: true,
        options: { certificate: { type: 'string' }, json: { type: 'string' } },
      });
      if (positionals.length === 0 || !values.json) return refuse('请给出文件和 --json 输出');
      return readFiles({
        ...paths,
        files: positionals,
        output: values.json,
        certificate: values.certificate,
      });
    }
    case 'verify': {
      const { values } = parseArgs({
        args: rest,
        options: { cases: { type: 'string' }, json: { type: 'string' } },
      });
      if (!values.cases || !values.json) return refuse('请给出 --cases 和 --json');
      return verifyCases({ ...paths, cases: values.cases, output: values.json });
    }
    case 'verify-seal': {
      const { values, positionals } = parseArgs({
        args: rest,
        allowPositionals: true,
        options: {
          json: { type: 'boolean' },
          page: { type: 'string' },
          trust: { type: 'string', multiple: true },
          tsa: { type: 'string', multiple: true },
          crl: { type: 'string', multiple: true },
        },
      });
      if (positionals.length === 0) return refuse('请给出 PDF 文件');
      if (positionals.length > 1 && values.page !== undefined) return refuse('--page 只用于一个文件');
      return verifySealFiles({
        ...paths,
        files: positionals,
        ...{ trust: values.trust ?? [], timestampTrust: values.tsa ?? [], lists: values.crl ?? [] },
        ...{ json: values.json ?? false, page: values.page },
      });
    }
    case 'models': {
      const { values, positionals } = parseArgs({
        args: rest,
        allowPositionals: true,
        options: { id: { type: 'string' }, licence: { type: 'string' }, channels: { type: 'string' } },
      });
      return (await manageModels(paths, positionals, values)) ?? refuse('请给出 list、add、check 或 use');
    }
    case 'separator': {
      const [output] = rest;
      return output === undefined ? refuse('请给出输出文件') : writeSeparator(output);
    }
    case 'open':
      return showOpeningUrl(paths.dataFolder);
    case 'doctor':
      return doctor({ ...paths, json: rest.includes('--json') });
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(`${help}\n`);
      return command === undefined ? 2 : 0;
    default:
      return refuse(`没有命令 ${command}`);
  }
}

function refuse(problem: string): number {
  process.stderr.write(`${problem}\n\n${help}\n`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof AppError) {
    const { message, action } = errorTable[error.code];
    process.stderr.write(`${message}：${action} ${JSON.stringify(error.details)}\n`);
  } else if (error instanceof ConfigError || isArgumentFault(error))
    process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exitCode = 2;
}

function isArgumentFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

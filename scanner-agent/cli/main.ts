/**
 * `./ludeng`: the station's command line, thin over the same services as the counter. A command's own code is loaded when its
 * words are right: what is wrong with them is said at once.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AppError } from '#domain/errors/app-error.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import { ConfigError } from '#config/load-catalogue.ts';
import { readAgentPaths } from '../settings.ts';
import { UsageError, readArguments } from './arguments.ts';
import { checkOutput } from './output.ts';

const help = `用法：
  ./ludeng start                                            启动采集站（同 npm start）
  ./ludeng open                                             取得打开采集站页面的新地址，两分钟内用一次
  ./ludeng doctor [--json]                                  检查设备、驱动、识别模型、版本，说明哪些是模拟的
  ./ludeng read 文件... [--document-type 证件ID] --json 输出      读取 PDF、JPEG、PNG、TIFF，输出页面、文字行和字段
  ./ludeng verify --cases 案例.json --json 输出               按案例核对所填内容与图片，输出红黄绿灯
  ./ludeng verify-seal 文件.pdf... [--json] [--page 报告.html] [--trust CA证书]... [--tsa 时间戳证书]... [--crl 吊销列表]...
                                                            验证签章：一个文件逐项说明，多个文件每个一行
  ./ludeng verify-credential 文件... --key 公钥.pem            用公布的公钥验证数字证照文件（PDF、JSON），不需联网
  ./ludeng models list                                      列出识别模型包，标出正在使用的
  ./ludeng models add 文件夹 [--id 名称] [--licence 许可] [--channels bgr|red]
                                                            加入外部模型包：有 manifest.json 的按清单，PP-OCR 导出的直接识别
  ./ludeng models check [名称]                               检查模型包的文件、形状和字典
  ./ludeng models use 名称                                   选用模型包，重新启动采集站后生效
  ./ludeng separator 输出.pdf                                 生成分隔页，打印后放在一叠材料的两份之间
  ./ludeng log-heads [输出.json]                              导出本站留存的服务器日志签名，供核对日志是否被改
  ./ludeng verify-log [--heads 文件]…                         检查服务器日志的校验链（在服务器上执行）
  ./ludeng server [命令]                                     启动服务器或管理它（./ludeng server help）
输出写 - 表示标准输出。输出不能写入时，开始之前就说明。
退出码：0 完成；1 有文件没有通过或不能打开（其余结果都在输出中）；2 参数、清单、配置或输出不对；130 被中断。`;

/** Exit status: 0 done, 1 some file failed (the rest is in the output), 2 wrong arguments, 130 interrupted. */
async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  const paths = readAgentPaths();
  switch (command) {
    case 'read': {
      const { values, positionals } = readArguments(rest, {
        most: Infinity,
        // The option's name of the first edition goes on.
        options: {
          'document-type': { type: 'string' },
          certificate: { type: 'string' },
          json: { type: 'string' },
        },
      });
      if (positionals.length === 0 || !values.json) return refuse('请给出文件和 --json 输出');
      return (await import('./read.ts')).readFiles({
        ...paths,
        files: positionals,
        output: values.json,
        documentType: values['document-type'] ?? values.certificate,
      });
    }
    case 'verify': {
      const { values } = readArguments(rest, {
        options: { cases: { type: 'string' }, json: { type: 'string' } },
      });
      if (!values.cases || !values.json) return refuse('请给出 --cases 和 --json');
      return (await import('./verify.ts')).verifyCases({
        ...paths,
        cases: values.cases,
        output: values.json,
      });
    }
    case 'verify-seal': {
      const { values, positionals } = readArguments(rest, {
        most: Infinity,
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
      if (values.page !== undefined) checkOutput(values.page, positionals);
      return (await import('./verify-seal.ts')).verifySealFiles({
        ...paths,
        files: positionals,
        ...{ trust: values.trust ?? [], timestampTrust: values.tsa ?? [], lists: values.crl ?? [] },
        ...{ json: values.json ?? false, page: values.page },
      });
    }
    case 'verify-credential': {
      const { values, positionals } = readArguments(rest, {
        most: Infinity,
        options: { key: { type: 'string' } },
      });
      if (positionals.length === 0 || !values.key) return refuse('请给出数字证照文件和 --key 公钥');
      const { verifyCredentialFiles } = await import('./verify-credential.ts');
      return verifyCredentialFiles({ files: positionals, key: values.key });
    }
    case 'models': {
      const { values, positionals } = readArguments(rest, {
        most: 2,
        options: { id: { type: 'string' }, licence: { type: 'string' }, channels: { type: 'string' } },
      });
      return (
        (await (await import('./models.ts')).manageModels(paths, positionals, values)) ??
        refuse('请给出 list、add、check 或 use')
      );
    }
    case 'separator': {
      const [output] = readArguments(rest, { most: 1, options: {} }).positionals;
      return output === undefined
        ? refuse('请给出输出文件')
        : (await import('./separator.ts')).writeSeparator(output);
    }
    case 'log-heads': {
      const [output = '-'] = readArguments(rest, { most: 1, options: {} }).positionals;
      return (await import('./log-heads.ts')).writeLogHeads({ dataFolder: paths.dataFolder, output });
    }
    case 'open':
      readArguments(rest, { options: {} });
      return (await import('./open.ts')).showOpeningUrl(paths.dataFolder);
    case 'doctor':
      return (await import('./doctor.ts')).doctor({
        ...paths,
        json: readArguments(rest, { options: { json: { type: 'boolean' } } }).values.json ?? false,
      });
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

// A reader that has seen enough (`| head`) is no fault of ours; nothing more can be said to it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`标准输出不能写入：${error.message}\n`);
  process.exit(1);
});
process.stderr.on('error', () => process.exit(1));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    process.stderr.write('\n已中断，没有写出结果。\n');
    process.exit(130);
  });
process.once('uncaughtException', (error) => {
  tell(error);
  process.exit(2);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 2;
}

function tell(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`);
}

function sentenceOf(error: unknown): string {
  if (error instanceof UsageError) return error.showsHelp ? `${error.message}\n\n${help}` : error.message;
  if (error instanceof AppError) {
    const { file, reason, problem: _said, ...more } = error.details;
    const { message, action } = tellFailure(error.code, error.details);
    const about = typeof file === 'string' ? `${file}：` : '';
    const why = typeof reason === 'string' ? `（${reason}）` : '';
    const rest = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : '';
    return `${about}${message}${why}。${action}。${rest}`;
  }
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_OSSL'))
    return '给出的证书文件读不出来：请用 --trust、--tsa 给出 PEM 或 DER 格式的证书。';
  return unexpected(error);
}

/** What nobody foresaw goes whole into a file for the maintainers; a person reads a sentence. */
function unexpected(error: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ludeng-')), '错误详情.txt');
  writeFileSync(file, `${inspect(error)}\n`, { mode: 0o600 });
  const said = error instanceof Error ? error.message : String(error);
  return `程序出现意外错误：${said}\n请重试；仍不行请联系维护人员，并附上 ${file}`;
}

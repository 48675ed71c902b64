import ts from 'typescript';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';
import { closedWords } from './closed-words.js';

// The type checker is begun anew whenever a file that is linted differs from what TypeScript read, and of a .vue file the parser
// hands on the script alone: 0.6 s for each of them. So TypeScript reads the script alone too.
const { readFile } = ts.sys;
ts.sys.readFile = (path, encoding) => {
  const text = readFile(path, encoding);
  return text !== undefined && path.endsWith('.vue') ? scriptOf(text) : text;
};

/** What vue-eslint-parser hands on of a component to be parsed with types. */
function scriptOf(component) {
  let script = '';
  const parser = {
    parseForESLint(code, { projectService, ...options }) {
      if (projectService) script = code;
      return tseslint.parser.parseForESLint(code, options);
    },
  };
  vueParser.parseForESLint(component, { filePath: 'component.vue', parser, projectService: true });
  return script;
}

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/dist-electron/**',
      'out/**',
      'coverage/**',
      'var/**',
      'models/**',
      'config/schemas/**',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        extraFileExtensions: ['.vue'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Route handlers and port implementations are async by contract, whether they wait or not.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Formatting is prettier's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    ignores: ['closed-words.js'],
    plugins: { ludeng: { rules: { 'closed-words': closedWords } } },
    rules: { 'ludeng/closed-words': 'error' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['{domain,config,paper,scanner-agent,sync-server,sealing,kiosk,ui}/**/*.{ts,vue}'],
    ignores: ['**/settings.ts', '**/main.ts', '**/*.test.ts', 'kiosk/electron/**', '**/*.config.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only settings.ts and main.ts read the environment.' },
      ],
    },
  },
);

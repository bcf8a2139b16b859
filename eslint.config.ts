import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Rules that need types. Format is Biome's business, layers are dependency-cruiser's.
 * Each restriction says which door to use instead.
 */
export default defineConfig(
  {
    ignores: [
      'out/**',
      'dist/**',
      'coverage/**',
      'test/fixtures/**',
      'test/output/**',
      'bench/peers/**',
      'training/**',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.shared.json',
          './tsconfig.node.json',
          './tsconfig.documents.json',
          './tsconfig.web.json',
          './tsconfig.test.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `void promise` and shorthand arrows are clear enough.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The typed array loops of the engine index where they know the bound; a check would cost time.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'max-lines': ['error', { max: 500 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: ['src/engine/runtime/ort.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'onnxruntime-node', message: 'Only src/engine/runtime/ort.ts knows ONNX Runtime.' }] },
      ],
    },
  },
  { ...reactHooks.configs.flat.recommended, files: ['src/renderer/**/*.ts', 'src/renderer/**/*.tsx'] },
  {
    files: ['src/cli/**', 'test/smoke/index.ts', 'scripts/**', 'bench/**', 'eval/**', 'src/host/start.ts'],
    rules: { 'no-console': 'off' },
  },
);

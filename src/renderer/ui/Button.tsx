import type { ComponentProps, ReactNode } from 'react';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` for the one thing to do next. @default 'plain' */
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly children: ReactNode;
}

/** A button with words on it. */
export function Button({ look = 'plain', className = '', ...rest }: ButtonProps) {
  return <button type="button" className={`button button--${look} ${className}`} {...rest} />;
}

import { useEffect, useState } from 'react';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** `dark` or `light`, as the reader's device wants it at the moment. For what CSS cannot colour. */
export function useColourScheme(): 'dark' | 'light' {
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const follow = () => setDark(dark.matches);
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, []);
  return isDark ? 'dark' : 'light';
}

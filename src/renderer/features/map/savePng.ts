/** Saves what a canvas shows as a PNG file, by the browser's own download. */
export function savePng(canvas: HTMLCanvasElement, fileName: string): void {
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = fileName;
    link.click();
    // The download holds its own reference once the click has been handled.
    setTimeout(() => URL.revokeObjectURL(link.href), 0);
  }, 'image/png');
}

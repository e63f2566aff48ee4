/**
 * The dots of a wire while time plays, on a canvas: as a part of the picture they would have all that
 * lies around them painted again with every frame. While time stands they are one (Stage.svelte).
 */

import type { Attachment } from 'svelte/attachments';
import type { Dot, PictureSize, WirePicture } from './wire-picture.ts';

const RADIUS = 3;
const COLOURS_EVERY_MS = 500;

/**
 * Draws them whenever they change.
 * @param dots where they are.
 * @param room of the picture.
 * @returns an attachment for a canvas as large as the picture, which has their colours as its `fill`
 *   (outward) and `stroke` (back).
 */
export function drawDots(
  dots: () => WirePicture['dots'],
  room: () => PictureSize,
): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const { isUpright } = room();
    const brush = canvas.getContext('2d');
    const { offsetWidth: width, offsetHeight: height } = canvas;
    // In full screen everything is larger.
    const scale = (devicePixelRatio * canvas.getBoundingClientRect().width) / width || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const style = getComputedStyle(canvas);
    let colours = { fill: '', stroke: '' };
    let readAt = -Infinity;
    /** They change with the theme. Asked for with every frame, all would be laid out once more. */
    function readColours(): void {
      const now = performance.now();
      if (now - readAt < COLOURS_EVERY_MS) return;
      readAt = now;
      colours = { fill: style.fill, stroke: style.stroke };
    }

    function draw(each: readonly Dot[], colour: string): void {
      if (brush === null || each.length === 0) return;
      brush.fillStyle = colour;
      brush.beginPath();
      for (const [along, across] of each) {
        const x = width * (isUpright ? across : along);
        const y = height * (isUpright ? along : across);
        brush.moveTo(x + RADIUS, y);
        brush.arc(x, y, RADIUS, 0, 2 * Math.PI);
      }
      brush.fill();
    }

    $effect(() => {
      const { outward, back } = dots();
      readColours();
      brush?.setTransform(scale, 0, 0, scale, 0, 0);
      brush?.clearRect(0, 0, width, height);
      draw(outward, colours.fill);
      draw(back, colours.stroke);
    });
  };
}

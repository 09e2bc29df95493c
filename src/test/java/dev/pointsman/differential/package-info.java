/**
 * Random situations that run with Pointsman and on the stock gateway: a difference that is not listed is a fault. Drawing,
 * rendering and comparing are pure. {@code SideRun} and the servers and clients do I/O.
 *
 * <p>A situation is drawn from a seed: HTTPRoutes, backends, policies and requests. An outcome is everything that clients,
 * pods, pickers, processors and the access log show of one request.
 */
@NullMarked
package dev.pointsman.differential;

import org.jspecify.annotations.NullMarked;

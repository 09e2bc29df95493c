/**
 * The way of one request over a translation's xDS, decided as Envoy decides it: listener, virtual host, route, model,
 * the route chosen again, shares and pickers. Pure. Imports model and xds; it reads Envoy's messages and no HTTPRoute.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.explain;

import org.jspecify.annotations.NullMarked;

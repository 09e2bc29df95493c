package dev.pointsman.model;

/**
 * What a ConfigMap or Secret has under {@code ca.crt}.
 *
 * @param pem one or more certificates, checked to be such
 */
public record CaCertificate(String namespace, CaCertificateRef ref, String pem) {}

"""Opus DRED, read literally.

DRED (Deep REDundancy) hides up to a second of neurally coded past speech in the padding of an Opus packet, so
that a receiver can re-synthesise whole bursts of lost packets. This package is the text turned into Python:
every module stands for one concept, follows the clauses in their order and names them
(``@clause("DRED-header-q0")``). Nothing here is optimised; the fast implementation is another package,
written without looking at this one.

Read it from the bottom of the ladder to the top. A module imports only from the modules before it.

======================================  ==============================================================
module                                  what it holds
======================================  ==============================================================
``errors``, ``clauses``, ``trace``      typed rejections, clause annotations, a record of what was read
``packet``                              TOC, frame lengths, codes 0 to 3, padding (RFC 6716 section 3)
``extension``                           the extensions inside the padding
``packet_padding``                      putting extensions into any packet
``range_decoder``, ``range_encoder``    the range coder (RFC 6716 sections 4.1 and 5.1)
``laplace``                             the two-sided Laplace coder of DRED's integers
``wire``, ``location``                  how DRED is marked in the padding, and finding it
``tables``, ``schedule``                what a model says about each symbol; the level of each latent
``payload``                             header, state and latent symbols, both directions
``latent``                              symbols to float32 values and back
``availability``                        how much past a packet offers to a decoder
``network``                             the layers of the decoder network, and of those of the encoder
``feature``                             values to acoustic features, in several numeric profiles
``analysis``                            speech to acoustic features
``resampling``                          any sampling rate to 16 kHz
``encoding``                            acoustic features to latents and states
``redundancy``                          what a packet says of the speech before it
``vocoder``                             acoustic features to speech
``concealment``                         speech where packets are missing
``receiver``                            packets with holes to continuous speech
======================================  ==============================================================

Examples
--------
>>> from dred_reference.packet import parse_packet
>>> packet = parse_packet(bytes.fromhex("7b4102aabbcc0102"))
>>> packet.configuration.mode, packet.duration_ms, packet.frames[0].hex(), packet.padding.hex()
('Hybrid', 20.0, 'aabbcc', '0102')
>>> parse_packet(bytes.fromhex("7b4109aabbcc0102"))
Traceback (most recent call last):
...
dred_reference.errors.PacketError: R6: more padding than the packet holds (byte 2)
"""

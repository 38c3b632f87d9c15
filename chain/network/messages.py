"""The messages of CometBFT's application interface, ABCI 2.0, as classes of the library `protobuf`.

The table has the names, numbers and types of the fields (`tendermint/abci/types.proto` of v0.38). The classes are made
of it when this module is imported, so there is neither generated code nor a compiler of it. A test compares
bytes of messages with the engine's own. What has no field in the table is skipped when it is read.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

#: A message. Its fields are known only at run time, so type checkers see no type.
Message = Any

PACKAGE = "tendermint.abci"

#: Message -> its fields: name, number, type. `*` before a type means any number of values; capitalized types are
#: messages.
TABLE: dict[str, str] = {
    "Timestamp": "seconds 1 int64, nanos 2 int32",
    "Duration": "seconds 1 int64, nanos 2 int32",
    "PublicKey": "ed25519 1 bytes, secp256k1 2 bytes",
    "BlockParams": "max_bytes 1 int64, max_gas 2 int64",
    "EvidenceParams": "max_age_num_blocks 1 int64, max_age_duration 2 Duration, max_bytes 3 int64",
    "ValidatorParams": "pub_key_types 1 *string",
    "VersionParams": "app 1 uint64",
    "ABCIParams": "vote_extensions_enable_height 1 int64",
    "ConsensusParams": "block 1 BlockParams, evidence 2 EvidenceParams, validator 3 ValidatorParams, "
    "version 4 VersionParams, abci 5 ABCIParams",
    "Validator": "address 1 bytes, power 3 int64",
    "ValidatorUpdate": "pub_key 1 PublicKey, power 2 int64",
    "VoteInfo": "validator 1 Validator, block_id_flag 3 int32",
    "ExtendedVoteInfo": "validator 1 Validator, vote_extension 3 bytes, extension_signature 4 bytes, "
    "block_id_flag 5 int32",
    "CommitInfo": "round 1 int32, votes 2 *VoteInfo",
    "ExtendedCommitInfo": "round 1 int32, votes 2 *ExtendedVoteInfo",
    "Misbehavior": "type 1 int32, validator 2 Validator, height 3 int64, time 4 Timestamp, total_voting_power 5 int64",
    "Snapshot": "height 1 uint64, format 2 uint32, chunks 3 uint32, hash 4 bytes, metadata 5 bytes",
    "EventAttribute": "key 1 string, value 2 string, index 3 bool",
    "Event": "type 1 string, attributes 2 *EventAttribute",
    "ExecTxResult": "code 1 uint32, data 2 bytes, log 3 string, info 4 string, gas_wanted 5 int64, gas_used 6 int64, "
    "events 7 *Event, codespace 8 string",
    "RequestEcho": "message 1 string",
    "RequestFlush": "",
    "RequestInfo": "version 1 string, block_version 2 uint64, p2p_version 3 uint64, abci_version 4 string",
    "RequestInitChain": "time 1 Timestamp, chain_id 2 string, consensus_params 3 ConsensusParams, "
    "validators 4 *ValidatorUpdate, app_state_bytes 5 bytes, initial_height 6 int64",
    "RequestQuery": "data 1 bytes, path 2 string, height 3 int64, prove 4 bool",
    "RequestCheckTx": "tx 1 bytes, type 2 int32",
    "RequestCommit": "",
    "RequestListSnapshots": "",
    "RequestOfferSnapshot": "snapshot 1 Snapshot, app_hash 2 bytes",
    "RequestLoadSnapshotChunk": "height 1 uint64, format 2 uint32, chunk 3 uint32",
    "RequestApplySnapshotChunk": "index 1 uint32, chunk 2 bytes, sender 3 string",
    "RequestPrepareProposal": "max_tx_bytes 1 int64, txs 2 *bytes, local_last_commit 3 ExtendedCommitInfo, "
    "misbehavior 4 *Misbehavior, height 5 int64, time 6 Timestamp, next_validators_hash 7 bytes, "
    "proposer_address 8 bytes",
    "RequestProcessProposal": "txs 1 *bytes, proposed_last_commit 2 CommitInfo, misbehavior 3 *Misbehavior, "
    "hash 4 bytes, height 5 int64, time 6 Timestamp, next_validators_hash 7 bytes, proposer_address 8 bytes",
    "RequestExtendVote": "hash 1 bytes, height 2 int64, time 3 Timestamp, txs 4 *bytes, "
    "proposed_last_commit 5 CommitInfo, misbehavior 6 *Misbehavior, next_validators_hash 7 bytes, "
    "proposer_address 8 bytes",
    "RequestVerifyVoteExtension": "hash 1 bytes, validator_address 2 bytes, height 3 int64, vote_extension 4 bytes",
    "RequestFinalizeBlock": "txs 1 *bytes, decided_last_commit 2 CommitInfo, misbehavior 3 *Misbehavior, "
    "hash 4 bytes, height 5 int64, time 6 Timestamp, next_validators_hash 7 bytes, proposer_address 8 bytes",
    "ResponseException": "error 1 string",
    "ResponseEcho": "message 1 string",
    "ResponseFlush": "",
    "ResponseInfo": "data 1 string, version 2 string, app_version 3 uint64, last_block_height 4 int64, "
    "last_block_app_hash 5 bytes",
    "ResponseInitChain": "consensus_params 1 ConsensusParams, validators 2 *ValidatorUpdate, app_hash 3 bytes",
    "ResponseQuery": "code 1 uint32, log 3 string, info 4 string, index 5 int64, key 6 bytes, value 7 bytes, "
    "height 9 int64, codespace 10 string",
    "ResponseCheckTx": "code 1 uint32, data 2 bytes, log 3 string, info 4 string, gas_wanted 5 int64, "
    "gas_used 6 int64, events 7 *Event, codespace 8 string",
    "ResponseCommit": "retain_height 3 int64",
    "ResponseListSnapshots": "snapshots 1 *Snapshot",
    "ResponseOfferSnapshot": "result 1 int32",
    "ResponseLoadSnapshotChunk": "chunk 1 bytes",
    "ResponseApplySnapshotChunk": "result 1 int32, refetch_chunks 2 *uint32, reject_senders 3 *string",
    "ResponsePrepareProposal": "txs 1 *bytes",
    "ResponseProcessProposal": "status 1 int32",
    "ResponseExtendVote": "vote_extension 1 bytes",
    "ResponseVerifyVoteExtension": "status 1 int32",
    "ResponseFinalizeBlock": "events 1 *Event, tx_results 2 *ExecTxResult, validator_updates 3 *ValidatorUpdate, "
    "consensus_param_updates 4 ConsensusParams, app_hash 5 bytes",
    # What follows is one of its fields at a time.
    "Request": "echo 1 RequestEcho, flush 2 RequestFlush, info 3 RequestInfo, init_chain 5 RequestInitChain, "
    "query 6 RequestQuery, check_tx 8 RequestCheckTx, commit 11 RequestCommit, list_snapshots 12 RequestListSnapshots, "
    "offer_snapshot 13 RequestOfferSnapshot, load_snapshot_chunk 14 RequestLoadSnapshotChunk, "
    "apply_snapshot_chunk 15 RequestApplySnapshotChunk, prepare_proposal 16 RequestPrepareProposal, "
    "process_proposal 17 RequestProcessProposal, extend_vote 18 RequestExtendVote, "
    "verify_vote_extension 19 RequestVerifyVoteExtension, finalize_block 20 RequestFinalizeBlock",
    "Response": "exception 1 ResponseException, echo 2 ResponseEcho, flush 3 ResponseFlush, info 4 ResponseInfo, "
    "init_chain 6 ResponseInitChain, query 7 ResponseQuery, check_tx 9 ResponseCheckTx, commit 12 ResponseCommit, "
    "list_snapshots 13 ResponseListSnapshots, offer_snapshot 14 ResponseOfferSnapshot, "
    "load_snapshot_chunk 15 ResponseLoadSnapshotChunk, apply_snapshot_chunk 16 ResponseApplySnapshotChunk, "
    "prepare_proposal 17 ResponsePrepareProposal, process_proposal 18 ResponseProcessProposal, "
    "extend_vote 19 ResponseExtendVote, verify_vote_extension 20 ResponseVerifyVoteExtension, "
    "finalize_block 21 ResponseFinalizeBlock",
}
#: Messages that have one of their fields at a time.
CHOICES = ("PublicKey", "Request", "Response")

_Field = descriptor_pb2.FieldDescriptorProto
#: The number of a type in a descriptor, which a constant of the library names.
_SCALARS = {name: _Field.Type.Value(f"TYPE_{name.upper()}") for name in ("int32", "int64", "uint32", "uint64", "bool")}
_SCALARS |= {name: _Field.Type.Value(f"TYPE_{name.upper()}") for name in ("string", "bytes")}


def _add_message(file: descriptor_pb2.FileDescriptorProto, name: str, fields: str) -> None:
    message = file.message_type.add(name=name)
    if name in CHOICES:
        message.oneof_decl.add(name="value")
    for field in filter(None, fields.split(", ")):
        field_name, number, type_name = field.split()
        repeated = type_name.startswith("*")
        type_name = type_name.removeprefix("*")
        label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
        added = message.field.add(name=field_name, number=int(number), label=label)
        if type_name in _SCALARS:
            added.type = _SCALARS[type_name]
        else:
            added.type, added.type_name = _Field.TYPE_MESSAGE, f".{PACKAGE}.{type_name}"
        if name in CHOICES:
            added.oneof_index = 0


def _make_classes() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="abci.proto", package=PACKAGE, syntax="proto3")
    for name, fields in TABLE.items():
        _add_message(file, name, fields)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in TABLE}


#: The class of each message.
CLASSES: dict[str, Any] = _make_classes()
Request, Response = CLASSES["Request"], CLASSES["Response"]


def make(name: str, **fields: Any) -> Message:
    """Return a message with these fields; what is missing has the value zero."""
    return CLASSES[name](**fields)
